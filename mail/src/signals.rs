//! What speaks for or against a mail: one item each, and what they come to.

mod list;

use crate::authentication::{self, Results};
use crate::brands::{Brand, Brands};
use crate::fold::fold;
use crate::link::{Link, organisation};
use crate::pretext::{Wants, wants};
use crate::read::Mail;
use crate::report::{Fact, Options, Reason, Report, Unchecked, Verdict};

pub use list::SIGNALS;

/// Nats, and what they were read from; none where a signal says nothing.
pub(crate) type Evidence = Option<(f64, Vec<Fact>)>;

/// One item of evidence.
pub struct Signal {
    /// Stable code.
    pub code: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// It shows that the mail pretends to be somebody it is not.
    pub is_pretence: bool,
    /// Its evidence in a mail; `None` where there is none.
    pub(crate) read: fn(&Seen<'_>) -> Evidence,
}

/// A mail with what it claims.
pub(crate) struct Seen<'a> {
    pub(crate) mail: &'a Mail,
    /// Brands named by the sender: in the name, before the `@`, or in a host that is not theirs.
    pub(crate) by_sender: Vec<(&'a Brand, &'static str)>,
    /// Brands that the sender is written to look like.
    pub(crate) alike: Vec<&'a Brand>,
    pub(crate) by_subject: Vec<&'a Brand>,
    pub(crate) by_body: Vec<&'a Brand>,
    /// The brand whose own domain the sender's is.
    pub(crate) owner: Option<&'a Brand>,
    pub(crate) wants: Wants,
    pub(crate) results: Option<Results>,
}

/// Score above which a mail is suspicious, and what it takes for forged, in nats over the prior.
const SUSPICIOUS: f64 = -0.9;
const FORGED: f64 = 1.5;
/// Log-odds of a mail that says nothing.
const PRIOR: f64 = -4.5;

/// What is said of a mail.
pub fn check(mail: &Mail, brands: &Brands, options: &Options) -> Report {
    let seen = Seen::of(mail, brands, options);
    let mut reasons = Vec::new();
    let (mut sum, mut pretends) = (PRIOR, false);
    for signal in SIGNALS {
        if let Some((nats, facts)) = (signal.read)(&seen) {
            sum += nats;
            pretends |= signal.is_pretence && nats > 0.0;
            reasons.push(Reason { code: signal.code, evidence: round(nats), facts });
        }
    }
    reasons.sort_by(|one, other| other.evidence.abs().total_cmp(&one.evidence.abs()));
    let risky =
        reasons.iter().any(|reason| reason.code.starts_with("leads.") && reason.evidence > 0.5);
    let proven = seen.is_proven() && seen.leads_home();
    let verdict = if pretends && sum >= FORGED {
        Verdict::Forged
    } else if sum >= SUSPICIOUS {
        Verdict::Suspicious
    } else if proven && !risky && !pretends && sum < -1.0 {
        Verdict::Genuine
    } else {
        Verdict::Unclear
    };
    let likely_genuine = verdict == Verdict::Unclear && seen.is_proven() && !risky && !pretends;
    Report {
        verdict,
        score: round(1.0 / (1.0 + (-sum).exp())),
        reasons,
        not_checked: not_checked(mail, &seen),
        likely_genuine,
    }
}

/// What each signal says, by its place in [`SIGNALS`]; 0 where it says nothing. For fitting weights.
pub fn evidence(mail: &Mail, brands: &Brands, options: &Options) -> Vec<f64> {
    let seen = Seen::of(mail, brands, options);
    SIGNALS.iter().map(|signal| (signal.read)(&seen).map_or(0.0, |(nats, _)| nats)).collect()
}

fn not_checked(mail: &Mail, seen: &Seen<'_>) -> Vec<Unchecked> {
    let mut unchecked = Vec::new();
    if seen.results.is_none() {
        unchecked.push(Unchecked::Authentication);
    }
    if !mail.links.is_empty() {
        unchecked.push(Unchecked::LinkTargets);
    }
    if !mail.attachments.is_empty() {
        unchecked.push(Unchecked::Attachments);
    }
    if mail.cut {
        unchecked.push(Unchecked::Rest);
    }
    unchecked
}

fn round(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

impl<'a> Seen<'a> {
    fn of(mail: &'a Mail, brands: &'a Brands, options: &Options) -> Self {
        let mut by_sender: Vec<(&Brand, &'static str)> = Vec::new();
        let mut add = |found: Vec<&'a Brand>, place: &'static str| {
            for brand in found {
                if !by_sender.iter().any(|(known, _)| known.id == brand.id) {
                    by_sender.push((brand, place));
                }
            }
        };
        add(brands.named_in(&fold(&mail.name)), "name");
        let local = fold(&mail.local).replace(['.', '_', '-'], " ");
        add(brands.named_in(&local), "local_part");
        let inside = |brand: &&Brand| !brand.owns(&mail.domain) && brand.is_inside(&mail.domain);
        add(brands.all().iter().filter(inside).collect(), "domain");
        let joined = mail.local.to_ascii_lowercase();
        add(brands.all().iter().filter(|brand| brand.is_inside(&joined)).collect(), "local_part");
        let mut alike = brands.alike_in(&mail.name);
        alike.extend(brands.alike_in(&mail.domain));
        let start: String = mail.body.chars().take(3_000).collect();
        let receiver = options.trusted_receiver.as_deref();
        Self {
            mail,
            alike,
            by_subject: brands.named_in(&fold(&mail.subject)),
            by_body: brands.named_in(&start),
            owner: brands.all().iter().find(|brand| brand.writes_from(&mail.local, &mail.domain)),
            wants: wants(&mail.words),
            results: options.asked.clone().or_else(|| {
                let on_top = mail.results.get(..mail.results_on_top).unwrap_or_default();
                authentication::of_receiver(on_top, receiver?)
            }),
            by_sender,
        }
    }

    /// Brands that the sender names and whose domain it does not have. Where one of the names is
    /// the sender's own, the others are only mentioned.
    pub(crate) fn pretended(&self) -> Option<(&'a Brand, &'static str)> {
        let (local, domain) = (&self.mail.local, &self.mail.domain);
        if self.by_sender.iter().any(|(brand, _)| brand.writes_from(local, domain)) {
            return None;
        }
        // Who has a mailbox with a brand may have its name before the `@`, and not as their own.
        let own_mailbox =
            |(brand, place): &(&Brand, &str)| brand.owns(&self.mail.domain) && *place != "name";
        self.by_sender.iter().copied().find(|claim| !own_mailbox(claim))
    }

    /// A brand is named somewhere, and the sender is not of it.
    pub(crate) fn claimed_elsewhere(&self) -> Option<&'a Brand> {
        let mut named = self.by_subject.iter().chain(&self.by_body).copied();
        let first = named.clone().next();
        if named.any(|brand| brand.owns(&self.mail.domain)) { None } else { first }
    }

    /// A brand's exact domain, authenticated by the receiver one trusts.
    fn is_proven(&self) -> bool {
        self.owner.is_some()
            && !self.mail.from_unreadable
            && self.results.as_ref().is_some_and(|results| {
                results.speak_for(&self.mail.domain, self.mail.organisation())
            })
    }

    /// Every link leads to the brand or the sender's own organisation, and through none to another
    /// place: a redirect on the brand's own host hides its end.
    fn leads_home(&self) -> bool {
        let through = self.mail.links.iter().any(Link::holds_another);
        !through
            && self
                .owner
                .is_some_and(|brand| self.foreign_links().all(|link| brand.owns(&link.host)))
    }

    /// Links that lead out of the sender's own organisation.
    pub(crate) fn foreign_links(&self) -> impl Iterator<Item = &'a Link> {
        let own = self.mail.organisation();
        let links = self.mail.links.iter();
        links.filter(move |link| !link.host.is_empty() && organisation(&link.host) != own)
    }

    /// Wants with a phrase of at least one of account, payment, parcel and prize.
    pub(crate) fn pretexts(&self) -> usize {
        self.wants.hits.iter().take(4).filter(|count| **count > 0).count()
    }

    /// Part of a conversation or of a list. Anybody can write such headers: who pretends to be a
    /// brand, or asks as phishing does, gains nothing by them.
    pub(crate) fn is_conversation(&self) -> bool {
        let pretends = self.pretended().is_some() || !self.alike.is_empty();
        (self.mail.is_reply || self.mail.is_list) && !pretends && !self.presses_for_an_account()
    }

    /// A page that speaks of the reader's account, presses, and has a link, be it to the sender's own
    /// domain, which may be the forger's: conversations hardly ever do all.
    fn presses_for_an_account(&self) -> bool {
        let hit = |want: usize| self.wants.hits.get(want).is_some_and(|count| *count > 0);
        let presses = [4, 5, 6].into_iter().any(hit);
        self.mail.has_html && hit(0) && presses && !self.mail.links.is_empty()
    }

    /// A number to call, as in invoices for what nobody bought.
    pub(crate) fn asks_to_call(&self) -> bool {
        let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
        let numbers = self
            .mail
            .body
            .split(|sign: char| !(sign.is_ascii_digit() || " +-().\u{a0}".contains(sign)));
        let calls = ["call", "phone", "toll", "support", "helpline", "電話", "anruf", "ligue"];
        calls.iter().any(|word| self.mail.body.contains(word))
            && numbers.into_iter().any(|run| (10..=13).contains(&digits(run)))
    }

    /// The sender's is a brand's own domain, and nobody has signed for it.
    pub(crate) fn is_own_unsigned(&self) -> bool {
        let own = self.mail.organisation();
        let signed = self.mail.signed_by.iter().any(|d| organisation(d) == own);
        self.owner.is_some() && !signed && !self.is_proven()
    }
}
