//! Indicators of a campaign for whoever takes mails and pages down: CSV, and STIX 2.1 (OASIS).

use serde_json::{Value, json};

use super::{Campaign, State};
use crate::http::problem::Problem;
use crate::time::show;

/// As a table: `type,value,campaign,first_reported_at,last_reported_at,reports`.
///
/// # Errors
/// Only a defect of ours.
pub fn csv(campaigns: &[Campaign]) -> Result<Vec<u8>, Problem> {
    let internal = |error: csv::Error| Problem::internal(&error);
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = ["type", "value", "campaign", "first_reported_at", "last_reported_at", "reports"];
    table.write_record(head).map_err(internal)?;
    for campaign in campaigns {
        let kept = &campaign.kept;
        let id = crate::id::show("cpn", campaign.id);
        let (first, last) = (show(kept.first_at), show(kept.last_at));
        for (kind, value) in of(campaign) {
            let reports = kept.reports.to_string();
            // A subject is whatever the forger wrote: no spreadsheet takes it for a formula.
            let value = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                format!("'{value}")
            } else {
                value
            };
            let row = [kind, &value, &id, &first, &last, &reports];
            table.write_record(row).map_err(internal)?;
        }
    }
    table.into_inner().map_err(|error| Problem::internal(&error))
}

/// What of a campaign can be looked for.
fn of(campaign: &Campaign) -> Vec<(&'static str, String)> {
    let kept = &campaign.kept;
    let senders = kept.senders.iter().map(|domain| ("sender-domain", domain.clone()));
    let hosts = kept.traits.hosts.iter().map(|domain| ("link-domain", domain.clone()));
    let subject = Some(kept.traits.subject.clone()).filter(|subject| !subject.is_empty());
    senders.chain(hosts).chain(subject.map(|subject| ("subject", subject))).collect()
}

/// As a bundle: a campaign and its indicators, domain names only.
pub fn stix(campaigns: &[Campaign], store: &str) -> Value {
    let mut objects = Vec::new();
    for campaign in campaigns {
        let kept = &campaign.kept;
        let (first, last) = (show(kept.first_at), show(kept.last_at));
        let this = format!("campaign--{}", uuid(campaign.id));
        objects.push(json!({
            "type": "campaign", "spec_version": "2.1", "id": this,
            "created": first, "modified": last,
            "name": format!("Mail posing as {store}: {}", kept.traits.subject),
            "first_seen": first, "last_seen": last,
        }));
        let domains = kept.senders.iter().chain(&kept.traits.hosts);
        for (number, domain) in (1_u128..).zip(domains) {
            let indicator = format!("indicator--{}", uuid(campaign.id.wrapping_add(number << 64)));
            // What cannot stand in a pattern as it is stands there escaped (STIX 2.1 §9.2).
            let quoted = domain.replace('\\', "\\\\").replace('\'', "\\'");
            let confidence = if kept.state == State::New { 30 } else { 85 };
            objects.push(json!({
                "type": "indicator", "spec_version": "2.1", "id": indicator,
                "created": first, "modified": last, "valid_from": first,
                "indicator_types": ["malicious-activity"], "confidence": confidence,
                "pattern": format!("[domain-name:value = '{quoted}']"), "pattern_type": "stix",
            }));
            objects.push(json!({
                "type": "relationship", "spec_version": "2.1",
                "id": format!("relationship--{}", uuid(campaign.id.wrapping_add(number << 80))),
                "created": first, "modified": last, "relationship_type": "indicates",
                "source_ref": indicator, "target_ref": this,
            }));
        }
    }
    let bundle = campaigns.first().map_or(0, |one| one.id);
    json!({ "type": "bundle", "id": format!("bundle--{}", uuid(bundle)), "objects": objects })
}

/// A number as a UUID of version 8 (RFC 9562), the same for the same thing each time.
fn uuid(number: u128) -> String {
    let marked = number & !(0xf000_u128 << 64) & !(0xc000_u128 << 48);
    let marked = marked | (0x8000_u128 << 64) | (0x8000_u128 << 48);
    let digits = format!("{marked:032x}");
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
