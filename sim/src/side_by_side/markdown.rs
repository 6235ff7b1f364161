//! The report as text, committed as `docs/generated/simulated-quality.md`.

use std::fmt::Write as _;

use super::{HISTORY_MIN, METHOD_NAMES, Measured, SHARES, Scores, recall};
use crate::attack::Attack;
use crate::traffic::Size;

/// Writes what was measured under these conditions.
pub fn markdown(seed: u64, size: Size, measured: &Measured) -> String {
    let mut text = String::new();
    head(&mut text, seed, size, measured);
    let sign_ins: Vec<Scores> = measured.intruders_sign_ins.values().flatten().copied().collect();
    text.push_str("\n## Successful sign-ins\n\n");
    table(&mut text, &measured.honest_sign_ins, &sign_ins);
    text.push_str("\nBy kind of attack, at 1 % of honest sign-ins challenged:\n\n");
    by_kind(&mut text, &measured.honest_sign_ins, measured.intruders_sign_ins.iter());
    let takeovers: Vec<Scores> = measured.takeovers.values().flatten().copied().collect();
    text.push_str("\n## Takeovers, up to and with the first order or payout\n\n");
    text.push_str(
        "Caught when any event of the takeover up to the first harm lies above the cut; the share \
         is of all honest events that the shop asks about. Freeman's ratio speaks at sign-ins \
         only.\n\n",
    );
    table(&mut text, &measured.honest_asked, &takeovers);
    text.push_str("\nBy kind of attack, at 1 % of honest events challenged:\n\n");
    by_kind(&mut text, &measured.honest_asked, measured.takeovers.iter());
    verdicts(&mut text, measured);
    text
}

fn head(text: &mut String, seed: u64, size: Size, measured: &Measured) {
    let Size { accounts, days, visits, attacks } = size;
    let rule = METHOD_NAMES.get(1).copied().unwrap_or_default();
    let _ = writeln!(
        text,
        "# Simulated quality\n\n\
         **Simulated**: honest people and intruders of `sim`, not a shop's records. Written by \
         `cargo run --release -p sekisho-sim -- compare --seed {seed} --accounts {accounts} \
         --days {days}`; other seeds were used while tuning, never this one.\n\n\
         Seed {seed}, {accounts} accounts, {days} days, {visits} visits an account and day, \
         {attacks} takeovers of each kind for 1,000 accounts: {} events ({} refused by the \
         parser). Order of time, facts from the past only. Counted are accounts with at least \
         {HISTORY_MIN} earlier events. All ways judge the same rows; ties are broken by the same \
         draw, so that \"{rule}\", a yes-or-no rule, is measured as if it challenged a random \
         part of its yeses.",
        measured.events, measured.refused
    );
}

fn table(text: &mut String, honest: &[Scores], intruders: &[Scores]) {
    let _ = writeln!(text, "{} honest, {} of intruders.\n", honest.len(), intruders.len());
    let _ = write!(text, "| honest challenged |");
    for name in METHOD_NAMES {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|---|---|---|\n");
    for share in SHARES {
        let _ = write!(text, "| {:.1} % |", share * 100.0);
        for method in 0..METHOD_NAMES.len() {
            let _ = write!(text, " {:.1} % |", recall(honest, intruders, method, share) * 100.0);
        }
        text.push('\n');
    }
    let yes = |scores: &[Scores]| {
        let yeses = scores.iter().filter(|s| s.get(1).is_some_and(|score| *score >= 1.0)).count();
        100.0 * yeses as f64 / scores.len().max(1) as f64
    };
    let _ = writeln!(
        text,
        "\n\"{}\" as it stands challenges {:.1} % of honest events and finds {:.1} %.",
        METHOD_NAMES.get(1).copied().unwrap_or_default(),
        yes(honest),
        yes(intruders)
    );
}

fn by_kind<'a>(
    text: &mut String,
    honest: &[Scores],
    kinds: impl Iterator<Item = (&'a Attack, &'a Vec<Scores>)>,
) {
    let _ = write!(text, "| kind | of intruders |");
    for name in METHOD_NAMES {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|---|---|---|---|\n");
    for (attack, scores) in kinds {
        let _ = write!(text, "| {} | {} |", attack.name(), scores.len());
        for method in 0..METHOD_NAMES.len() {
            let _ = write!(text, " {:.1} % |", recall(honest, scores, method, 0.01) * 100.0);
        }
        text.push('\n');
    }
}

fn verdicts(text: &mut String, measured: &Measured) {
    guesses(text, measured);
    if measured.honest_verdicts.values().all(|(_, stopped)| *stopped == 0) {
        return; // A policy without rules says nothing worth a table.
    }
    text.push_str(
        "\n## Verdicts\n\nNot allowed without more: challenged, reviewed or denied.\n\n\
         | honest events | asked | not allowed |\n|---|---|---|\n",
    );
    let mut row = |name: &str, (all, stopped): (u64, u64)| {
        let share = 100.0 * stopped as f64 / all.max(1) as f64;
        let _ = writeln!(text, "| {name} | {all} | {share:.2} % |");
    };
    let mut sum = (0, 0);
    for (kind, (all, stopped)) in &measured.honest_verdicts {
        let kind = serde_json::to_value(kind).unwrap_or_default();
        row(kind.as_str().unwrap_or_default(), (*all, *stopped));
        sum = (sum.0 + all, sum.1 + stopped);
    }
    row("all", sum);
    text.push_str("\n| intruders' events | asked | not allowed |\n|---|---|---|\n");
    for (attack, (all, stopped)) in &measured.intruders_verdicts {
        let share = 100.0 * *stopped as f64 / (*all).max(1) as f64;
        let _ = writeln!(text, "| {} | {all} | {share:.2} % |", attack.name());
    }
}

fn guesses(text: &mut String, measured: &Measured) {
    text.push_str(
        "\n## Failed guesses\n\n| failed guesses | all | named as an attack |\n|---|---|---|\n",
    );
    for (attack, (all, seen)) in &measured.guesses {
        let share = 100.0 * *seen as f64 / (*all).max(1) as f64;
        let _ = writeln!(text, "| {} | {all} | {share:.2} % |", attack.name());
    }
}
