/** Family names that come first in Chinese, Japanese and Korean, and what marks a name there. */
const split = (text: string): readonly string[] => text.trim().split(/\s+/)

export const japaneseFamilies: ReadonlySet<string> = new Set(
  split(
    `佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 清水 斎藤 山崎 森 阿部 池田 橋本 石川 山下 小川 石井 長谷川 後藤 岡田 近藤 前田 藤田 遠藤 青木 坂本 村上 太田 金子 藤井 福田 西村 三浦 竹内 中島 岡本 松田 原田 中川 中野 小野 田村 藤原 中山 石田 小島 和田 森田 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小池 工藤 上野 今井 丸山 増田 谷口 新井 菅原 武田 千葉 野口 松井 岩崎 木下 佐野 野村 平野 菊地 久保 杉山`,
  ),
)
export const chineseFamilies: ReadonlySet<string> = new Set(
  split(
    `王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 邓 冯 韩 曹 曾 彭 萧 肖 蔡 潘 田 董 袁 于 余 叶 蒋 杜 苏 魏 程 吕 丁 沈 任 姚 卢 傅 钟 姜 崔 谭 廖 范 汪 陆 金 石 戴 贾 韦 夏 邱 方 侯 邹 熊 孟 秦 白 江 阎 薛 尹 段 雷 黎 史 龙 陶 贺 顾 毛 郝 龚 邵 欧阳 司马 诸葛 上官`,
  ),
)
export const koreanFamilies: ReadonlySet<string> = new Set(
  split(
    '김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 유 홍 전 고 문 손 양 배 백 허 남 심 노 하 곽 성 차 주 우 구 민 진 나 지 엄 채 원 천 방 공 현 함 변 염 여 추 도 소 석 선 설 마 길',
  ),
)

export const honorifics = /^(?:さん|さま|様|氏|くん|君|ちゃん|殿|先生|女士|小姐|씨|님)/
export const labels =
  /(?:氏名|名前|お名前|患者|顧客|担当者?|社員|従業員|姓名|名字|联系人|客户|员工|病人|我叫|名叫|이름|성명|고객|환자|직원|담당자)(?:は|是|은|는|:|：|、| )*$/
