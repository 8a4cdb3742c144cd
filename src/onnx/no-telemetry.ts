/**
 * ONNX Runtime's Node package reports its use and keeps a device id unless this is set before it is loaded (seen in
 * 1.30). Nothing leaves the machine here: import this module before it.
 */
process.env.ORT_DISABLE_TELEMETRY = '1'
