/** Common given and family names of many countries, none rare enough to point at a person. */
export const givenNames =
  'Alex Amina Ana Andrea Anna Ben Carla Chen Clara Daniel David Elena Emma Eva Fatima Felix Grace Hana Hugo Ines Irene Ivan Jana Jonas Julia Kai Karim Laura Lena Leo Lina Lucas Lucia Maria Marta Max Maya Mia Mila Nadia Nina Noah Nora Olga Omar Oscar Paul Paula Petra Rosa Ruth Sam Sara Sofia Tom Vera Victor Yara Yusuf Zoe'.split(
    ' ',
  )
export const familyNames =
  'Adams Alvarez Andersen Baker Bauer Becker Berg Bianchi Brown Carter Costa Cruz Diaz Dubois Evans Fischer Garcia Gomez Haddad Hansen Hoffmann Huang Ivanova Jansen Jensen Johnson Kim Klein Kowalski Kumar Larsen Laurent Lee Lopez Martin Mendes Meyer Miller Moreau Moreno Nagy Nguyen Novak Olsen Patel Peters Popescu Rossi Ruiz Santos Sato Schmidt Silva Singh Smith Tanaka Taylor Vega Wagner Weber Wilson Wong Yilmaz'.split(
    ' ',
  )
export const placeNames =
  'Ash Bay Birch Bridge Castle Cedar Chapel Church Elm Field Forest Garden Grove Harbour Hazel Hill Lake Linden Maple Market Meadow Mill North Oak Orchard Park Pine River Rose School South Spring Station Stone Valley Willow'.split(
    ' ',
  )
