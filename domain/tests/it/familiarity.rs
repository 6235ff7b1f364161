//! The Freeman ratio against the reference, and ours against its two known flaws.

use domain::event::Status;
use domain::observation::{DeviceClass, Observation};
use domain::time::HOUR;
use serde::Deserialize;

use crate::support::{From, START, World, shared, sign_in};

#[derive(Deserialize)]
struct Vectors {
    sign_ins: Vec<(String, String, u32, String, String, String, String, String)>,
    score: Vec<Option<f64>>,
}

fn observation(index: usize, row: &Vectors) -> Observation {
    let (account, ip, asn, country, text, browser, system, class) = &row.sign_ins[index];
    let country = country.as_bytes().try_into().unwrap();
    let class = match class.as_str() {
        "desktop" => DeviceClass::Desktop,
        "mobile" => DeviceClass::Mobile,
        "tablet" => DeviceClass::Tablet,
        other => panic!("unknown class {other}"),
    };
    sign_in(account, Status::Succeeded, START + i64::try_from(index).unwrap() * HOUR)
        .from_place(ip, *asn, country)
        .with_agent(text, browser, system, class)
}

/// Streams the vectors; returns how many scores were compared.
fn compare(vectors: &Vectors) -> usize {
    let mut world = World::default();
    let mut compared = 0;
    for (index, expected) in vectors.score.iter().enumerate() {
        let observation = observation(index, vectors);
        let assessment = world.ask(&observation);
        world.remember(&observation, &domain::decision::Assessment::default());
        if index < 60 && expected.is_none() {
            continue;
        }
        let found = assessment.familiarity.map(|familiarity| familiarity.freeman);
        match (found, expected) {
            (None, None) => {}
            (Some(found), Some(expected)) => {
                let error = (found - expected).abs() / expected.abs().max(1.0);
                assert!(error < 1e-9, "sign-in {index}: {found}, expected {expected}");
            }
            _ => panic!("sign-in {index}: {found:?}, expected {expected:?}"),
        }
        compared += 1;
    }
    compared
}

#[test]
fn the_plain_ratio_equals_the_reference_on_500_sign_ins() {
    let Some(file) = shared("logins/freeman-vectors.json") else { return };
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let compared = compare(&vectors);
    assert!(compared >= 440, "only {compared} compared");
    println!("{compared} of {} compared", vectors.score.len());
}
