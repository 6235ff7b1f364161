//! Every signal. Weights are log-likelihood ratios in nats, fitted on one half of the development
//! mails and reported on the other (docs/mail-quality.md).

use super::{Evidence, Seen, Signal};
use crate::link::{Link, organisation};
use crate::report::Fact;

fn fact(name: &'static str, value: &str) -> Fact {
    Fact { name, value: value.chars().take(120).collect() }
}

fn bare(nats: f64, holds: bool) -> Evidence {
    holds.then(|| (nats, Vec::new()))
}

fn link(nats: f64, found: Option<&Link>) -> Evidence {
    found.map(|link| (nats, vec![fact("link", &link.host)]))
}

macro_rules! signals {
    ($($code:literal, $pretence:literal, $doc:literal, $read:expr;)*) => {
        /// Every signal, by group: authentication, who it says it is, where it leads, what it wants,
        /// how it was sent.
        pub static SIGNALS: &[Signal] = &[$(Signal {
            code: $code,
            doc: $doc,
            is_pretence: $pretence,
            read: $read,
        }),*];
    };
}

signals! {
    "auth.aligned", false, "The trusted receiver says that the sender's domain is authenticated.",
        |seen| {
            let results = seen.results.as_ref()?;
            bare(-2.0, results.speak_for(&seen.mail.domain, seen.mail.organisation()))
        };
    "auth.dmarc_failed", true, "The trusted receiver says that DMARC failed.",
        |seen| bare(4.0, seen.results.as_ref()?.dmarc == Some(false));
    "auth.signed_by_own", false, "A signature of the sender's own domain is there; nobody has checked it.",
        |seen| {
            let own = seen.mail.organisation();
            bare(-0.6, !own.is_empty() && seen.mail.signed_by.iter().any(|d| organisation(d) == own))
        };
    "auth.brand_unsigned", true, "A brand's own domain, with no signature of its own, and its links lead elsewhere.",
        |seen| {
            let brand = seen.owner?;
            let mut links = seen.mail.links.iter().filter(|link| !link.host.is_empty()).peekable();
            links.peek()?;
            let elsewhere = !links.any(|link| brand.owns(&link.host));
            // A parcel alone is what carriers do write about, through others' servers.
            let asks = [0, 1, 3].iter().any(|want| seen.wants.hits.get(*want).is_some_and(|n| *n > 0));
            let asks = asks && seen.mail.has_html;
            let holds = seen.is_own_unsigned() && elsewhere && asks && !seen.is_conversation();
            holds.then(|| (5.0, vec![fact("brand", &brand.id), fact("domain", &seen.mail.domain)]))
        };
    "auth.a_receiver_refused", true, "A receiver on the way found that DMARC failed for a brand's own domain.",
        |seen| {
            let brand = seen.owner?;
            let failed = seen.mail.results.iter().any(|h| crate::authentication::read(h).dmarc == Some(false));
            (failed && !seen.is_conversation()).then(|| (5.0, vec![fact("brand", &brand.id)]))
        };
    "who.brand_foreign_domain", true, "The sender bears a brand's name and not its domain.",
        |seen| {
            let (brand, place) = seen.pretended()?;
            let told = seen.mail.is_reply || seen.mail.is_list;
            let nats = if told { 4.5 } else { 5.5 };
            Some((nats, vec![fact("brand", &brand.id), fact("domain", &seen.mail.domain), fact("place", place)]))
        };
    "who.looks_like_brand", true, "The sender is written to look like a brand.",
        |seen| {
            let brand = seen.alike.iter().find(|brand| !brand.owns(&seen.mail.domain))?;
            Some((4.5, vec![fact("brand", &brand.id), fact("domain", &seen.mail.domain)]))
        };
    "who.brand_in_subject", true, "The subject speaks for a brand that the sender is not of.",
        |seen| {
            let brand = seen.claimed_elsewhere()?;
            let in_subject = seen.by_subject.iter().any(|known| known.id == brand.id);
            let speaks = in_subject && seen.pretended().is_none() && seen.owner.is_none();
            if !speaks || seen.is_conversation() {
                return None;
            }
            let acts = !seen.mail.links.is_empty() || seen.asks_to_call();
            let asks = seen.pretexts() > 0 && acts && !seen.mail.has_unsubscribe;
            Some((if asks { 3.6 } else { 1.2 }, vec![fact("brand", &brand.id), fact("domain", &seen.mail.domain)]))
        };
    "who.brand_in_text", false, "The text speaks of a brand that the sender is not of, and wants something.",
        |seen| {
            let brand = seen.claimed_elsewhere()?;
            let in_subject = seen.by_subject.iter().any(|known| known.id == brand.id);
            let speaks = !in_subject && seen.pretended().is_none() && seen.owner.is_none();
            let asks = seen.pretexts() > 0 && (!seen.mail.links.is_empty() || seen.asks_to_call());
            let holds = speaks && asks && !seen.is_conversation() && !seen.mail.has_unsubscribe;
            holds.then(|| (1.6, vec![fact("brand", &brand.id)]))
        };
    "who.unreadable_sender", false, "A strict reader cannot read the sender.",
        |seen| bare(3.0, seen.mail.from_unreadable && !seen.mail.from.is_empty());
    "who.no_sender", false, "There is no sender.",
        |seen| bare(0.5, seen.mail.from.is_empty());
    "who.disguised_letters", false, "Sender or subject hold hidden letters, or letters of another alphabet.",
        |seen| bare(3.2, seen.mail.disguised);
    "who.reply_elsewhere", false, "Replies go to another organisation.",
        |seen| {
            let to = seen.mail.reply_to.as_deref()?;
            let other = organisation(to) != seen.mail.organisation() && !seen.is_conversation();
            other.then(|| (0.7, vec![fact("domain", to)]))
        };
    "who.speaks_for_a_service", false, "The sender's name is that of a service or team, on an address that is not.",
        |seen| {
            let name = seen.mail.name.to_lowercase();
            let service = ["support", "security", "service", "team", "admin", "notification", "account",
                "alert", "billing", "helpdesk", "update", "verification", "no-reply", "noreply",
                "webmail", "mailbox", "payment", "delivery", "customer", "サポート", "お知らせ",
                "カスタマー", "事務局", "kundenservice", "atendimento", "notificacao", "aviso"]
                .iter().any(|word| name.contains(word));
            bare(1.0, service && !seen.is_conversation())
        };
    "leads.not_to_brand", false, "A brand is claimed and no link leads to it.",
        |seen| {
            let in_subject = seen.by_subject.iter().find(|brand| !brand.owns(&seen.mail.domain));
            let brand = seen.pretended().map(|(brand, _)| brand).or(in_subject.copied())?;
            let mut links = seen.mail.links.iter().filter(|link| !link.host.is_empty()).peekable();
            let first = links.peek()?.host.clone();
            let none = !links.any(|link| brand.owns(&link.host));
            let counts = none && !seen.is_conversation();
            counts.then(|| (1.3, vec![fact("brand", &brand.id), fact("link", &first)]))
        };
    "leads.text_names_another", false, "A link's text names another host than it leads to.",
        |seen| {
            let lies = |link: &&Link| {
                let shown = link.text.trim().trim_start_matches("https://").trim_start_matches("http://");
                let host = shown.split(['/', ' ', '?']).next().unwrap_or_default().to_ascii_lowercase();
                let looks = host.contains('.') && psl::suffix(host.as_bytes()).is_some_and(|s| s.is_known());
                looks && !link.host.is_empty() && organisation(&host) != organisation(&link.host)
            };
            link(if seen.is_conversation() { 0.2 } else { 1.0 }, seen.mail.links.iter().find(lies))
        };
    "leads.shortened", false, "A link is shortened.",
        |seen| link(if seen.is_conversation() { 0.3 } else { 2.2 }, seen.mail.links.iter().find(|l| l.is_shortened()));
    "leads.free_hosting", false, "A link leads to hosting that anybody may use.",
        |seen| {
            let owned = |link: &&Link| seen.owner.is_some_and(|brand| brand.owns(&link.host));
            let found = seen.mail.links.iter().find(|l| l.is_free_hosting() && !owned(l));
            link(if seen.is_conversation() { 0.0 } else { 1.6 }, found)
        };
    "leads.bare_address", false, "A link leads to a bare address.",
        |seen| link(if seen.is_conversation() { 0.0 } else { 2.0 }, seen.mail.links.iter().find(|l| l.is_address()));
    "leads.hidden_host", false, "A link hides its host: a user name, or letters of another alphabet.",
        |seen| link(2.5, seen.mail.links.iter().find(|l| l.has_userinfo() || l.is_punycode()));
    "leads.through_another", false, "A link leads through another site, so that its end is not seen.",
        |seen| link(if seen.is_conversation() { 0.0 } else { 0.5 }, seen.foreign_links().find(|l| l.holds_another()));
    "leads.odd_ending", false, "A link's host has an ending that such mails like.",
        |seen| link(if seen.is_conversation() { 0.2 } else { 1.3 }, seen.mail.links.iter().find(|l| l.has_odd_ending()));
    "leads.all_elsewhere", false, "Every link leads out of the sender's organisation.",
        |seen| {
            let (all, out) = (seen.mail.links.len(), seen.foreign_links().count());
            bare(0.9, all > 0 && out == all && seen.mail.has_html && !seen.is_conversation())
        };
    "leads.form", false, "The mail holds a form or a script.",
        |seen| bare(0.5, (seen.mail.has_form || seen.mail.has_script) && !seen.is_conversation());
    "leads.attachment", false, "An attachment is a page, a script or an archive.",
        |seen| {
            let risky = |name: &&String| ["html", "htm", "shtml", "svg", "js", "vbs", "iso", "img", "lnk",
                "exe", "scr", "zip", "rar", "7z", "one"].iter().any(|end| name.ends_with(&format!(".{end}")));
            let name = seen.mail.attachments.iter().find(risky)?;
            let page = name.ends_with("html") || name.ends_with(".htm") || name.ends_with(".svg");
            Some((if page { 1.8 } else { 0.4 }, vec![fact("attachment", name)]))
        };
    "wants.account", false, "It speaks of a locked, unconfirmed or invaded account.",
        |seen| count(seen, 0, 1.3);
    "wants.payment", false, "It speaks of a payment, invoice or refund.",
        |seen| count(seen, 1, 0.6);
    "wants.parcel", false, "It speaks of a parcel.",
        |seen| count(seen, 2, 0.5);
    "wants.prize", false, "It promises something.",
        |seen| count(seen, 3, 0.9);
    "wants.haste", false, "It wants haste.",
        |seen| count(seen, 4, 0.7);
    "wants.nobody_named", false, "It greets nobody by name.",
        |seen| count(seen, 5, 0.9);
    "wants.a_press", false, "It wants a button pressed.",
        |seen| count(seen, 6, 0.8);
    "wants.by_picture", false, "There is hardly any text: pictures say it.",
        |seen| {
            let few = seen.mail.body.trim().chars().count() < 60;
            bare(1.2, few && seen.mail.has_html && !seen.mail.images.is_empty() && !seen.mail.links.is_empty())
        };
    "how.hidden_text", false, "Much text is there and not shown.",
        |seen| bare(0.8, seen.mail.hidden > 400 && !seen.mail.has_unsubscribe);
    "how.html_alone", false, "HTML from nobody known, outside of any conversation.",
        |seen| bare(1.1, seen.mail.has_html && !seen.is_conversation() && seen.owner.is_none());
    "how.conversation", false, "It is part of a conversation.",
        |seen| bare(-2.5, seen.mail.is_reply && seen.is_conversation());
    "how.list", false, "It came through a mailing list.",
        |seen| bare(-2.0, seen.mail.is_list && seen.is_conversation());
    "how.can_be_left", false, "It says how to unsubscribe, as newsletters do.",
        |seen| bare(-0.8, seen.mail.has_unsubscribe);
    "how.plain_text", false, "It is plain text.",
        |seen| bare(-1.2, !seen.mail.has_html);
    "how.own_domain", false, "It comes from the domain of the brand that it names.",
        |seen| {
            let brand = seen.owner.filter(|_| seen.pretended().is_none() && seen.alike.is_empty())?;
            let named = seen.by_sender.iter().any(|(known, _)| known.id == brand.id);
            let nats = match (seen.is_own_unsigned(), named) {
                (true, _) => -0.8,
                (false, true) => -3.5,
                (false, false) => -2.0,
            };
            Some((nats, vec![fact("brand", &brand.id)]))
        };
    "how.no_message_id", false, "It has no Message-ID or date.",
        |seen| bare(0.3, seen.mail.message_id.is_none() || !seen.mail.has_date);
    "how.nothing_to_read", false, "There is nothing to read.",
        |seen| bare(0.2, seen.mail.empty);
}

/// Evidence for a pretext: more phrases say more, up to three; in a conversation little.
fn count(seen: &Seen<'_>, pretext: usize, nats: f64) -> Evidence {
    let hits = seen.wants.hits.get(pretext).copied().unwrap_or(0);
    let more = match hits {
        0 => return None,
        1 => 1.0,
        2 => 1.5,
        _ => 1.9,
    };
    let share = if seen.is_conversation() { 0.2 } else { 1.0 };
    Some((nats * more * share, vec![fact("count", &hits.to_string())]))
}
