//! How well mails are told apart: `cargo run --release -p sekisho-mail --example quality -- FOLDER
//! MANIFEST [--without-brand ID] [--evidence FILE]`.

#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a report")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mail::{Brands, Mail, Options, Verdict, check, evidence};

struct Row {
    label: String,
    category: String,
    flags: String,
    group: String,
    brand: String,
    score: f64,
    verdict: Verdict,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let mut brands = Brands::with(None).unwrap();
    if let Some(id) = option("--without-brand") {
        brands = brands.without(&id).unwrap();
    }
    let (folder, manifest) = (&arguments[0], &arguments[1]);
    let (mut rows, mut fits) = (Vec::new(), String::new());
    for line in std::fs::read_to_string(manifest).unwrap().lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let Ok(raw) = std::fs::read(format!("{folder}/{}", columns[0])) else { continue };
        let read = Mail::read(&raw);
        let report = check(&read, &brands, &Options::default());
        if option("--evidence").is_some() {
            let values: Vec<String> = evidence(&read, &brands, &Options::default())
                .iter()
                .map(|value| format!("{value:.3}"))
                .collect();
            let _ = writeln!(
                fits,
                "{}\t{}\t{}\t{}\t{}",
                columns[0],
                columns[1],
                columns[22],
                columns[23],
                values.join("\t")
            );
        }
        if option("--wrong").is_some() {
            let core = columns[22].split(',').any(|flag| flag == "core");
            let missed = core && report.verdict == Verdict::Unclear;
            let blamed = columns[1] == "ham"
                && matches!(report.verdict, Verdict::Suspicious | Verdict::Forged);
            if missed || blamed {
                let codes: Vec<_> = report
                    .reasons
                    .iter()
                    .map(|r| format!("{}{:+.1}", r.code, r.evidence))
                    .collect();
                println!(
                    "{:?}\t{}\t{}\t{}",
                    report.verdict,
                    columns[0],
                    columns[11],
                    codes.join(" ")
                );
            }
        }
        rows.push(Row {
            label: columns[1].to_owned(),
            category: columns[2].to_owned(),
            flags: columns[22].to_owned(),
            group: columns[23].to_owned(),
            brand: columns[11].to_owned(),
            score: report.score,
            verdict: report.verdict,
        });
    }
    if let Some(file) = option("--evidence") {
        std::fs::write(file, fits).unwrap();
    }
    report(&rows);
}

fn report(rows: &[Row]) {
    let half =
        |row: &&Row| u8::from_str_radix(row.group.get(..2).unwrap_or("0"), 16).unwrap_or(0) % 2;
    for (name, wanted) in [("fitted on", 0), ("held out", 1)] {
        let rows: Vec<&Row> = rows.iter().filter(|row| half(row) == wanted).collect();
        println!("== {name}: {} mails", rows.len());
        let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            if row.flags.split(',').any(|flag| flag == "core") {
                groups.entry("phish core".to_owned()).or_default().push(row);
            }
            groups.entry(format!("{} (all)", row.label)).or_default().push(row);
            if row.label == "ham" {
                groups.entry(row.category.clone()).or_default().push(row);
            }
            if row.flags.contains("brand-authentic") {
                groups.entry("phish brand-authentic".to_owned()).or_default().push(row);
            }
            if row.flags.contains("brand-own") {
                groups.entry("ham brand-own".to_owned()).or_default().push(row);
            }
        }
        for (group, rows) in &groups {
            let share = |verdict: Verdict| {
                let count = rows.iter().filter(|row| row.verdict == verdict).count();
                100.0 * count as f64 / rows.len() as f64
            };
            println!(
                "{group:24} n={:5} forged {:6.2} suspicious {:6.2} unclear {:6.2} genuine {:6.2}",
                rows.len(),
                share(Verdict::Forged),
                share(Verdict::Suspicious),
                share(Verdict::Unclear),
                share(Verdict::Genuine),
            );
        }
        let mut ham: Vec<f64> =
            rows.iter().filter(|row| row.label == "ham").map(|row| row.score).collect();
        ham.sort_by(|one, other| other.total_cmp(one));
        let threshold = ham.get(ham.len() / 100).copied().unwrap_or(1.0);
        let core: Vec<_> =
            rows.iter().filter(|row| row.flags.split(',').any(|f| f == "core")).collect();
        let caught = core.iter().filter(|row| row.score > threshold).count();
        println!(
            "recall of core by score at 1 % of ham: {:.2} %",
            100.0 * caught as f64 / core.len() as f64
        );
    }
    let mut brands: Vec<&str> = rows.iter().map(|row| row.brand.as_str()).collect();
    brands.sort_unstable();
    brands.dedup();
    println!("{} brands are named in the manifest", brands.len());
}
