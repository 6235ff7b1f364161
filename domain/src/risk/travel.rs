//! Could one person have come this far? Only between countries whose place on the map is known.
//!
//! A country is a circle around its people, not its borders, rounded generously; the distance is
//! between the nearest points of two circles, so that a short hop over a border is no journey.

use crate::memory::seconds;
use crate::memory::sign_ins::SignIns;
use crate::observation::{Country, Observation};

/// Faster than this from door to door, no airliner is.
const PLAUSIBLE_KM_PER_HOUR: f64 = 900.0;
/// Below this distance addresses are too easily mistaken for neighbours.
const NEAR_KM: f64 = 500.0;
/// Mean radius of the earth.
const EARTH_KM: f64 = 6_371.0;

/// A way between the last place and this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Journey {
    /// Country of the latest earlier sign-in.
    pub from: Country,
    /// Least distance between the two.
    pub km: f64,
    /// Hours between the two sign-ins.
    pub hours: f64,
}

impl Journey {
    /// Whether nobody travels so fast.
    pub fn is_implausible(self) -> bool {
        self.km > NEAR_KM && self.km > self.hours * PLAUSIBLE_KM_PER_HOUR
    }
}

/// The way from the latest place of the account, where both countries are known and differ.
pub(super) fn journey(observation: &Observation, own: &SignIns) -> Option<Journey> {
    let to = observation.origin.country?;
    let at = seconds(observation.occurred_at);
    let trusted = own.places.iter().filter(|it| it.used.is_trusted(observation.occurred_at));
    let last = trusted.filter(|place| place.used.last <= at).max_by_key(|place| place.used.last)?;
    let from = last.country().filter(|from| *from != to)?;
    let km = distance_km(circle(from)?, circle(to)?);
    Some(Journey { from, km, hours: f64::from(at - last.used.last) / 3_600.0 })
}

/// Latitude, longitude, radius in kilometres.
type Circle = (f64, f64, f64);

fn distance_km(a: Circle, b: Circle) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let chord = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    (2.0 * EARTH_KM * chord.sqrt().min(1.0).asin() - a.2 - b.2).max(0.0)
}

fn circle(country: Country) -> Option<Circle> {
    let found = CIRCLES.binary_search_by_key(&&country.0, |(code, ..)| code);
    let (_, latitude, longitude, radius) = CIRCLES.get(found.ok()?)?;
    Some((f64::from(*latitude), f64::from(*longitude), f64::from(*radius)))
}

/// Whole degrees and kilometres are accurate enough for a speed of 900 km/h. Sorted by code.
static CIRCLES: &[([u8; 2], i16, i16, u16)] = &[
    (*b"AE", 24, 54, 250),
    (*b"AR", -35, -63, 1_500),
    (*b"AT", 47, 14, 300),
    (*b"AU", -27, 134, 2_200),
    (*b"BD", 24, 90, 350),
    (*b"BE", 51, 4, 150),
    (*b"BG", 43, 25, 300),
    (*b"BR", -12, -50, 2_200),
    (*b"CA", 52, -95, 2_600),
    (*b"CH", 47, 8, 200),
    (*b"CL", -33, -71, 2_200),
    (*b"CN", 33, 107, 2_400),
    (*b"CO", 4, -73, 900),
    (*b"CZ", 50, 15, 250),
    (*b"DE", 51, 10, 450),
    (*b"DK", 56, 10, 250),
    (*b"EG", 28, 31, 600),
    (*b"ES", 40, -4, 600),
    (*b"FI", 63, 26, 600),
    (*b"FR", 46, 2, 600),
    (*b"GB", 54, -2, 600),
    (*b"GR", 39, 22, 450),
    (*b"HK", 22, 114, 50),
    (*b"HU", 47, 19, 250),
    (*b"ID", -4, 113, 2_200),
    (*b"IE", 53, -8, 250),
    (*b"IL", 32, 35, 250),
    (*b"IN", 22, 79, 1_600),
    (*b"IR", 33, 53, 900),
    (*b"IT", 42, 12, 650),
    (*b"JP", 36, 137, 1_500),
    (*b"KE", 0, 38, 500),
    (*b"KR", 36, 128, 300),
    (*b"LK", 7, 81, 250),
    (*b"MA", 32, -6, 600),
    (*b"MM", 20, 96, 800),
    (*b"MX", 23, -102, 1_400),
    (*b"MY", 4, 109, 1_000),
    (*b"NG", 9, 8, 700),
    (*b"NL", 52, 5, 150),
    (*b"NO", 63, 11, 900),
    (*b"NP", 28, 84, 400),
    (*b"NZ", -41, 173, 800),
    (*b"PE", -9, -75, 1_000),
    (*b"PH", 12, 122, 900),
    (*b"PK", 30, 69, 800),
    (*b"PL", 52, 19, 350),
    (*b"PT", 40, -8, 350),
    (*b"RO", 46, 25, 350),
    (*b"RU", 58, 70, 4_000),
    (*b"SA", 24, 45, 900),
    (*b"SE", 61, 16, 700),
    (*b"SG", 1, 104, 50),
    (*b"TH", 15, 101, 800),
    (*b"TR", 39, 35, 800),
    (*b"TW", 24, 121, 250),
    (*b"UA", 49, 31, 650),
    (*b"US", 40, -98, 2_500),
    (*b"VN", 16, 107, 850),
    (*b"ZA", -29, 25, 900),
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn km(a: [u8; 2], b: [u8; 2]) -> f64 {
        distance_km(circle(Country(a)).unwrap(), circle(Country(b)).unwrap())
    }

    #[test]
    fn every_country_is_found_by_its_code() {
        assert!(CIRCLES.is_sorted_by_key(|entry| entry.0));
        assert!(CIRCLES.iter().all(|entry| circle(Country(entry.0)).is_some()));
        assert_eq!(circle(Country(*b"ZZ")), None);
    }

    #[test]
    fn neighbours_are_near_and_other_continents_far() {
        assert!(km(*b"DE", *b"FR") < NEAR_KM);
        assert!(km(*b"JP", *b"KR") < NEAR_KM);
        assert!((6_500.0..9_500.0).contains(&km(*b"JP", *b"DE")), "{}", km(*b"JP", *b"DE"));
        assert!((12_000.0..16_000.0).contains(&km(*b"JP", *b"BR")), "{}", km(*b"JP", *b"BR"));
    }

    #[test]
    fn a_flight_is_plausible_and_a_minute_is_not() {
        let journey = |hours| Journey { from: Country(*b"JP"), km: 8_000.0, hours };
        assert!(journey(0.1).is_implausible());
        assert!(!journey(12.0).is_implausible());
    }
}
