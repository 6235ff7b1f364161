//! What intruders do, and when.

mod takeover;
mod wave;

use serde::Serialize;

pub(crate) use takeover::Intruder;

use crate::dice::{Dice, mix};
use crate::honest::World;
use crate::person::Person;
use crate::step::{DAY, HOUR, Step};
use crate::traffic::Size;

/// Kind of attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// Leaked pairs tried from rotating addresses; what fits is used hours later.
    Stuffing,
    /// One password on many accounts.
    Spraying,
    /// Many passwords on one account.
    BruteForce,
    /// A known password, from another country.
    Foreign,
    /// A known password, from a VPN in the victim's country.
    VpnInCountry,
    /// A known password, from the victim's town and provider, with the victim's browser.
    Targeted,
    /// A stolen session: no sign-in at all.
    SessionTheft,
    /// Many orders of what is easily sold on, in one night.
    BulkPurchase,
    /// Stolen cards tried with small sums on somebody's account.
    CardTesting,
    /// Several accounts, one address to which everything goes.
    MuleAddress,
    /// Contact data changed for the time of the theft, then changed back.
    ChangeThenRevert,
    /// A seller's bank account replaced, then paid out.
    PayoutChange,
    /// The night of 3 to 4 June.
    JuneNight,
}

impl Attack {
    /// Every kind that random traffic holds.
    pub const ALL: [Self; 12] = [
        Self::Stuffing,
        Self::Spraying,
        Self::BruteForce,
        Self::Foreign,
        Self::VpnInCountry,
        Self::Targeted,
        Self::SessionTheft,
        Self::BulkPurchase,
        Self::CardTesting,
        Self::MuleAddress,
        Self::ChangeThenRevert,
        Self::PayoutChange,
    ];

    /// Its name in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stuffing => "stuffing",
            Self::Spraying => "spraying",
            Self::BruteForce => "brute_force",
            Self::Foreign => "foreign",
            Self::VpnInCountry => "vpn_in_country",
            Self::Targeted => "targeted",
            Self::SessionTheft => "session_theft",
            Self::BulkPurchase => "bulk_purchase",
            Self::CardTesting => "card_testing",
            Self::MuleAddress => "mule_address",
            Self::ChangeThenRevert => "change_then_revert",
            Self::PayoutChange => "payout_change",
            Self::JuneNight => "june_night",
        }
    }
}

/// Attacks of one kind over a span of time.
#[derive(Debug, Clone, Copy)]
struct Plan {
    attack: Attack,
    first: i64,
    span: i64,
    incidents: u64,
    /// Tells this plan's chance from another's.
    key: u64,
}

/// One attack of a plan.
struct Incident<'a> {
    world: World,
    size: Size,
    plan: &'a Plan,
    /// Place in the plan.
    number: u64,
    at: i64,
    dice: Dice,
}

/// Everything that intruders have planned.
pub struct Campaigns {
    world: World,
    size: Size,
    plans: Vec<Plan>,
}

impl Campaigns {
    /// Plans attacks from the second week on, when accounts have some history.
    pub fn plan(world: World, size: Size) -> Self {
        let mut dice = Dice::of(world.seed, &[0xa77]);
        let quiet = (i64::from(size.days) / 4).min(14) * DAY;
        let (first, whole) = (world.begins_at + quiet, i64::from(size.days) * DAY - quiet - DAY);
        let mut plans = Vec::new();
        for attack in Attack::ALL {
            let takeovers = (size.accounts as f64 * size.attacks / 1_000.0).ceil();
            let (times, span, incidents) = match attack {
                // Waves: guesses by the hundred, of which a few fit.
                Attack::Stuffing => (1 + size.days / 30, 7 * HOUR, takeovers * 28.0),
                Attack::Spraying => (1 + size.days / 45, 20 * HOUR, takeovers * 18.0),
                Attack::BruteForce => (1, whole, (takeovers / 2.0).ceil()),
                Attack::Foreign
                | Attack::VpnInCountry
                | Attack::Targeted
                | Attack::SessionTheft
                | Attack::BulkPurchase
                | Attack::CardTesting
                | Attack::MuleAddress
                | Attack::ChangeThenRevert
                | Attack::PayoutChange
                | Attack::JuneNight => (1, whole, takeovers),
            };
            for time in 0..times {
                let key = mix(world.seed, &[attack as u64, u64::from(time)]);
                let first = first + dice.between(0, (whole - span).max(1));
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few")]
                plans.push(Plan { attack, first, span, incidents: incidents as u64, key });
            }
        }
        Self { world, size, plans }
    }

    /// Adds the steps of what begins in the hour from `begins`.
    pub fn hour(&self, begins: i64, steps: &mut Vec<Step>) {
        for plan in &self.plans {
            let every = (plan.span / i64::try_from(plan.incidents).unwrap_or(1).max(1)).max(1);
            let from = (begins - plan.first).max(0);
            let mut number = (from + every - 1) / every;
            while plan.first + number * every < begins + HOUR && number * every < plan.span {
                let at = plan.first + number * every;
                let number_of = number.unsigned_abs();
                let dice = Dice::of(plan.key, &[number_of]);
                let (world, size) = (self.world, self.size);
                let mut incident = Incident { world, size, plan, number: number_of, at, dice };
                steps.append(&mut incident.steps());
                number += 1;
            }
        }
    }
}

impl Incident<'_> {
    fn steps(&mut self) -> Vec<Step> {
        match self.plan.attack {
            Attack::Stuffing => self.stuffing(),
            Attack::Spraying => self.spraying(),
            Attack::BruteForce => self.brute_force(),
            Attack::Foreign => self.foreign(),
            Attack::VpnInCountry => self.vpn_in_country(),
            Attack::Targeted => self.targeted(),
            Attack::SessionTheft => self.session_theft(),
            Attack::BulkPurchase => self.bulk_purchase(),
            Attack::CardTesting => self.card_testing(),
            Attack::MuleAddress => self.mule_address(),
            Attack::ChangeThenRevert => self.change_then_revert(),
            Attack::PayoutChange => self.payout_change(),
            Attack::JuneNight => Vec::new(),
        }
    }

    /// Somebody with some history, rather often.
    fn victim(&mut self) -> Person {
        let number = self.dice.below(self.size.accounts);
        let busy = number - number % 4;
        self.world.person(if self.dice.chance(0.6) { busy } else { number })
    }
}
