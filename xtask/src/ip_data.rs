//! IP data from npm: which country and which autonomous system an address belongs to.
//!
//! `@ip-location-db/geo-whois-asn-country-mmdb` (CC0) and `@ip-location-db/asn` (CC BY 4.0: the
//! credit is put beside the data). They are fetched with the machine's own `npm` client, without
//! running scripts, and placed under the names that `sekisho serve` looks for.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const COUNTRY_PACKAGE: &str = "@ip-location-db/geo-whois-asn-country-mmdb";
const ASN_PACKAGE: &str = "@ip-location-db/asn";

/// Package, file in it, name in the folder.
const FILES: [(&str, &str, &str); 3] = [
    (COUNTRY_PACKAGE, "geo-whois-asn-country.mmdb", "country.mmdb"),
    (ASN_PACKAGE, "asn-ipv4.csv", "asn-ipv4.csv"),
    (ASN_PACKAGE, "asn-ipv6.csv", "asn-ipv6.csv"),
];

const CREDITS: &str = "\
IP to country: geo-whois-asn-country of ip-location-db, CC0.
IP to autonomous system: asn of ip-location-db, made from RouteViews and DB-IP data, CC BY 4.0.
https://github.com/sapics/ip-location-db  https://db-ip.com  https://www.routeviews.org
";

/// Puts the IP data into `into`. Data that is there already is left as it is, so that a second run
/// needs no network; to refresh it, delete the files first.
pub(crate) fn fetch_ip_data(into: &Path) -> Result<(), String> {
    if FILES.iter().all(|(_, _, name)| into.join(name).is_file()) {
        return Ok(());
    }
    let download = into.join(".download");
    let says = |error: std::io::Error| format!("{}: {error}", into.display());
    fs::create_dir_all(&download).map_err(says)?;
    let fetched = install(&download).and_then(|()| {
        FILES.iter().try_for_each(|file| place(&download, into, *file))?;
        fs::write(into.join("CREDITS.txt"), CREDITS).map_err(says)
    });
    // Only what this function made itself is cleared away.
    let cleared = fs::remove_dir_all(&download).map_err(says);
    fetched.and(cleared)
}

fn install(download: &Path) -> Result<(), String> {
    // A manifest of its own keeps npm from climbing to one of a folder above.
    fs::write(download.join("package.json"), "{\"private\": true}\n")
        .map_err(|error| format!("{}: {error}", download.display()))?;
    let run = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"])
        .args([COUNTRY_PACKAGE, ASN_PACKAGE])
        .current_dir(download)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("npm cannot be started ({error}); install Node.js and npm"))?;
    if run.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&run.stderr);
    let last = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(format!("npm could not fetch {COUNTRY_PACKAGE} and {ASN_PACKAGE}: {last}"))
}

/// Copies beside and renames, so that a running server never reads half a file. A CSV gets the date
/// of its package as its first line, because the file itself says none.
fn place(
    download: &Path,
    into: &Path,
    (package, file, name): (&str, &str, &str),
) -> Result<(), String> {
    let package = download.join("node_modules").join(package);
    let data = fs::read(package.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let manifest = fs::read_to_string(package.join("package.json")).unwrap_or_default();
    let (beside, target) = (into.join(format!("{name}.new")), into.join(name));
    let written = fs::File::create(&beside).and_then(|mut out| {
        if let Some(day) = day_of(&manifest).filter(|_| name.ends_with(".csv")) {
            writeln!(out, "# Generated: {day}")?;
        }
        out.write_all(&data)?;
        out.sync_all()
    });
    written
        .and_then(|()| fs::rename(&beside, &target))
        .map_err(|error| format!("{}: {error}", target.display()))
}

/// The day in a version such as `2.3.2026061719`, as `2026-06-17`.
fn day_of(manifest: &str) -> Option<String> {
    let (_, rest) = manifest.split_once("\"version\"")?;
    let version = rest.split('"').nth(1)?;
    let stamp = version.rsplit('.').next()?.get(..8)?;
    let digits = stamp.bytes().all(|byte| byte.is_ascii_digit());
    let (year, (month, day)) = stamp.split_at_checked(4).map(|(y, md)| (y, md.split_at(2)))?;
    digits.then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_data_is_in_its_version() {
        let manifest = r#"{ "name": "x", "version": "2.3.2026061719", "license": "CC0" }"#;
        assert_eq!(day_of(manifest).as_deref(), Some("2026-06-17"));
        assert_eq!(day_of(r#"{ "version": "1.0.0" }"#), None);
        assert_eq!(day_of("{}"), None);
    }
}
