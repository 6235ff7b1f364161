//! The 16 columns of the RBA data set (Wiefling et al.; das-group/rba-dataset).
//!
//! Country, ASN and the parsed user agent are taken as facts. The two labels are carried beside
//! the event, never in it.

use std::net::IpAddr;

use csv_core::{ReadRecordResult, Reader};
use domain::event::{Account, Context, Event, EventType, Observer, Place, Status};
use domain::keyed::Field;
use domain::observation::{Country, CredentialKind, DeviceClass, Listed, Observation, Origin};
use domain::time::Micros;

use super::parse::Read;
use super::repeats::fingerprint;

/// The header line, column by column.
pub const COLUMNS: [&str; 16] = [
    "index",
    "Login Timestamp",
    "User ID",
    "Round-Trip Time [ms]",
    "IP Address",
    "Country",
    "Region",
    "City",
    "ASN",
    "User Agent String",
    "Browser Name and Version",
    "OS Name and Version",
    "Device Type",
    "Login Successful",
    "Is Attack IP",
    "Is Account Takeover",
];

/// What the data set says of a sign-in: to measure by, never a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RbaLabel {
    /// From an address that attacked.
    pub attack_ip: bool,
    /// Somebody else than the owner got in.
    pub takeover: bool,
}

/// Reads rows one line at a time.
pub struct Rows {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { reader: Reader::new(), text: Vec::new(), ends: vec![0; COLUMNS.len() + 1] }
    }
}

impl Rows {
    /// Reads one line; `None` for the header, which must be the first line of a file.
    pub fn read(
        &mut self,
        line: u64,
        text: &[u8],
        observer: &mut Observer<'_>,
    ) -> Result<Option<Read>, String> {
        let columns = self.columns(text)?;
        if line == 1 {
            return header(&columns).map(|()| None);
        }
        let columns: [&str; 16] = columns
            .as_slice()
            .try_into()
            .map_err(|_| format!("{} columns where 16 belong", columns.len()))?;
        sign_in(&columns, observer).map(|(event_id, observation, label)| {
            let fingerprint = fingerprint(text);
            Some(Read { line, event_id, fingerprint, observation, label: Some(label) })
        })
    }

    fn columns(&mut self, line: &[u8]) -> Result<Vec<&str>, String> {
        self.reader.reset();
        self.text.resize(line.len() + 1, 0);
        let (result, read, _, mut count) =
            self.reader.read_record(line, &mut self.text, &mut self.ends);
        match result {
            ReadRecordResult::InputEmpty => {
                // The end of input closes the record; an open quote shows in the column count.
                let rest = self.ends.get_mut(count..).unwrap_or_default();
                let (_, _, _, more) = self.reader.read_record(&[], &mut self.text, rest);
                count += more;
            }
            ReadRecordResult::Record if read == line.len() => {}
            ReadRecordResult::Record
            | ReadRecordResult::OutputFull
            | ReadRecordResult::OutputEndsFull
            | ReadRecordResult::End => {
                return Err(format!("more than {} columns", COLUMNS.len()));
            }
        }
        let text = std::str::from_utf8(&self.text).map_err(|_| "not UTF-8".to_owned())?;
        let mut from = 0;
        let ends = self.ends.iter().take(count);
        Ok(ends.filter_map(|end| text.get(std::mem::replace(&mut from, *end)..*end)).collect())
    }
}

fn header(columns: &[&str]) -> Result<(), String> {
    for (place, expected) in COLUMNS.iter().enumerate() {
        match columns.get(place) {
            Some(found) if found == expected => {}
            Some(found) => {
                let found: String = found.chars().take(40).collect();
                let place = place + 1;
                return Err(format!("header: column {place} is {found:?}, not {expected:?}"));
            }
            None => return Err(format!("header: column {expected:?} is missing")),
        }
    }
    if columns.len() > COLUMNS.len() {
        Err("header: more than 16 columns".to_owned())
    } else {
        Ok(())
    }
}

fn sign_in(
    columns: &[&str; 16],
    observer: &mut Observer<'_>,
) -> Result<(String, Observation, RbaLabel), String> {
    let [
        index,
        at,
        user,
        _,
        ip,
        country,
        _,
        _,
        asn,
        agent,
        browser,
        system,
        device,
        ok,
        bad,
        taken,
    ] = *columns;
    let event = event([index, user, ip, agent, at], truth(ok, "Login Successful")?)?;
    let mut observation = observer.observe(&event, event.occurred_at, Place::default());
    observation.origin = Origin {
        asn: known(asn).map(str::parse).transpose().map_err(|_| "ASN: no number".to_owned())?,
        country: country_code(country)?,
        // The set's addresses are pseudonyms: what range they fall into says nothing.
        private: false,
        datacentre: Listed::Unknown,
        ..observation.origin
    };
    let named = |field, value: &str| {
        known(value).map(|value| observer.hasher().short(field, value.as_bytes()))
    };
    observation.agent.browser = named(Field::Browser, browser);
    observation.agent.system = named(Field::System, system);
    observation.agent.class = class(device);
    let label = RbaLabel {
        attack_ip: truth(bad, "Is Attack IP")?,
        takeover: truth(taken, "Is Account Takeover")?,
    };
    Ok((event.event_id, observation, label))
}

fn event([index, user, ip, agent, at]: [&str; 5], succeeded: bool) -> Result<Event, String> {
    if index.is_empty() || user.is_empty() {
        return Err("index and User ID must not be empty".to_owned());
    }
    let ip: Option<IpAddr> =
        known(ip).map(str::parse).transpose().map_err(|_| "IP Address: no address".to_owned())?;
    let user_agent = known(agent).map(str::to_owned);
    let kind = CredentialKind::Password;
    Ok(Event {
        event_id: index.to_owned(),
        kind: EventType::Login,
        custom: None,
        status: if succeeded { Status::Succeeded } else { Status::Failed },
        occurred_at: time(at)?,
        account: Some(Account { id: user.to_owned(), ..Account::default() }),
        session_id: None,
        context: Context { ip, user_agent, ..Context::default() },
        credential: Some(domain::event::Credential { kind, secret_hash: None, breached: None }),
        change: None,
        order: None,
        payment: None,
        amount: None,
        dispute_id: None,
        shipment: None,
        degraded: false,
        properties: serde_json::Map::new(),
    })
}

/// `2020-02-03 12:43:30.772`, UTC.
fn time(text: &str) -> Result<Micros, String> {
    text.parse::<jiff::civil::DateTime>()
        .and_then(|time| jiff::tz::Offset::UTC.to_timestamp(time))
        .map(|time| Micros(time.as_microsecond()))
        .map_err(|_| "Login Timestamp: not YYYY-MM-DD HH:MM:SS.mmm".to_owned())
}

fn truth(text: &str, column: &str) -> Result<bool, String> {
    match text {
        "True" | "true" | "1" => Ok(true),
        "False" | "false" | "0" => Ok(false),
        _ => Err(format!("{column}: neither True nor False")),
    }
}

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !matches!(*text, "" | "-" | "nan" | "NaN"))
}

fn country_code(text: &str) -> Result<Option<Country>, String> {
    match *text.as_bytes() {
        [] | [b'-'] => Ok(None),
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Ok(Some(Country([a.to_ascii_uppercase(), b.to_ascii_uppercase()])))
        }
        _ => Err("Country: not two letters".to_owned()),
    }
}

fn class(text: &str) -> DeviceClass {
    match text {
        "desktop" => DeviceClass::Desktop,
        "mobile" => DeviceClass::Mobile,
        "tablet" => DeviceClass::Tablet,
        "bot" => DeviceClass::Bot,
        "" | "-" | "unknown" => DeviceClass::Unknown,
        _ => DeviceClass::Other,
    }
}
