//! The shop's days in order: honest visits, turns of life, attacks.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::attack::{Attack, Campaigns};
use crate::dice::Dice;
use crate::honest::{self, World};
use crate::person::Turn;
use crate::step::{DAY, HOUR, MINUTE, Step};

/// 2026-04-01T00:00:00+09:00.
pub const BEGINS_AT: i64 = 1_774_969_200_000_000;

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Accounts.
    pub accounts: u64,
    /// Days from [`BEGINS_AT`].
    pub days: u32,
    /// Visits an account and day.
    pub visits: f64,
    /// Takeovers of each kind for 1,000 accounts, over all days.
    pub attacks: f64,
}

impl Default for Size {
    fn default() -> Self {
        Self { accounts: 10_000, days: 90, visits: 0.085, attacks: 2.0 }
    }
}

/// One event as the shop sends it, with what only the simulator knows.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The event.
    pub json: String,
    /// Its id.
    pub event_id: String,
    /// When it happens, microseconds UTC.
    pub at: i64,
    /// Whose attack it is part of; `None` for the owner's doing.
    pub attack: Option<Attack>,
    /// The shop asks for a decision, rather than telling.
    pub asked: bool,
    /// Earlier events of the owner on this account.
    pub history: u32,
}

/// Everything that happens, in order of time.
pub struct Traffic {
    world: World,
    size: Size,
    hour: u32,
    waiting: BinaryHeap<Waiting>,
    drawn: u64,
    histories: Vec<u16>,
    campaigns: Campaigns,
}

/// A step that waits for its time; the earliest is the greatest.
struct Waiting(Step, u64);

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.0.at, other.1).cmp(&(self.0.at, self.1))
    }
}

/// Share of a day's visits in each hour, in thousandths.
const HOURS: [u32; 24] =
    [22, 12, 7, 5, 4, 7, 16, 30, 40, 42, 44, 46, 62, 50, 42, 42, 44, 48, 52, 60, 78, 92, 90, 65];

impl Traffic {
    /// The traffic of `seed`.
    pub fn new(seed: u64, size: Size) -> Self {
        let world = World { seed, begins_at: BEGINS_AT };
        let accounts = usize::try_from(size.accounts).unwrap_or(usize::MAX);
        Self {
            world,
            size,
            hour: 0,
            waiting: BinaryHeap::new(),
            drawn: 0,
            histories: vec![0; accounts],
            campaigns: Campaigns::plan(world, size),
        }
    }

    /// Lets the next hour's visits begin.
    fn next_hour(&mut self) {
        let (day, hour) = (self.hour / 24, self.hour % 24);
        let begins = self.world.begins_at + i64::from(self.hour) * HOUR;
        let mut dice = Dice::of(self.world.seed, &[0x40, u64::from(self.hour)]);
        let share = HOURS.get(usize::try_from(hour).unwrap_or_default()).copied().unwrap_or(40);
        let mean = self.size.accounts as f64 * self.size.visits * f64::from(share) / 1_000.0;
        for _ in 0..dice.count(mean) {
            let person = self.world.person(self.busy_account(&mut dice));
            let at = begins + dice.between(0, HOUR);
            self.wait(honest::visit(&self.world, &person, at, &mut dice));
        }
        if hour == 0 {
            self.begin_day(day, begins);
        }
        let mut attacks = Vec::new();
        self.campaigns.hour(begins, &mut attacks);
        self.wait(attacks);
        self.hour += 1;
    }

    /// A few visit often, many seldom.
    fn busy_account(&self, dice: &mut Dice) -> u64 {
        let all = self.size.accounts;
        match dice.below(10) {
            0..3 => dice.below(all / 20 + 1) * 20 % all,
            3..7 => dice.below(all / 4 + 1) * 4 % all,
            _ => dice.below(all),
        }
    }

    fn begin_day(&mut self, day: u32, midnight: i64) {
        for turn in Turn::ALL {
            for number in turn.on_day(day, self.size.accounts) {
                let mut dice = Dice::of(self.world.seed, &[number, 0x7d, u64::from(day)]);
                let at = midnight + dice.between(7 * HOUR, 23 * HOUR);
                let person = self.world.person(number);
                self.wait(honest::turn(&self.world, &person, turn, at));
            }
        }
        let mut dice = Dice::of(self.world.seed, &[0x5f, u64::from(day)]);
        // June and July: お中元.
        let givers = if day >= 61 { 0.000_8 } else { 0.000_05 };
        for _ in 0..dice.count(self.size.accounts as f64 * givers) {
            let person = self.world.person(dice.below(self.size.accounts));
            let at = midnight + dice.between(9 * HOUR, 22 * HOUR);
            self.wait(honest::season(&self.world, &person, at));
        }
        for _ in 0..dice.count(self.size.accounts as f64 * 0.000_5) {
            // Newcomers have numbers of their own, above everybody's.
            let person = self.world.person(self.size.accounts + dice.below(1 << 40));
            let at = midnight + dice.between(7 * HOUR, 23 * HOUR);
            self.wait(honest::registration(&self.world, &person, at));
        }
    }

    fn wait(&mut self, steps: Vec<Step>) {
        for step in steps {
            // Later steps are told apart by the order in which they were thought of.
            self.drawn += 1;
            self.waiting.push(Waiting(step, self.drawn));
        }
    }

    fn draw(&mut self, step: &Step, order: u64) -> Drawn {
        let event_id = format!("sim-{:x}-{order:x}", self.world.seed);
        let history = step.scene.number.and_then(|n| usize::try_from(n).ok());
        let history = history.and_then(|number| self.histories.get_mut(number));
        let before = history.as_deref().copied().unwrap_or_default();
        if let Some(history) = history
            && step.attack.is_none()
        {
            *history = history.saturating_add(1);
        }
        Drawn {
            json: step.json(&event_id),
            event_id,
            at: step.at,
            attack: step.attack,
            asked: step.what.is_asked(),
            history: u32::from(before),
        }
    }
}

impl Iterator for Traffic {
    type Item = Drawn;

    fn next(&mut self) -> Option<Drawn> {
        loop {
            let now = self.world.begins_at + i64::from(self.hour) * HOUR;
            let is_over = self.hour >= self.size.days * 24;
            match self.waiting.peek() {
                Some(first) if is_over || first.0.at < now => {
                    let Waiting(step, order) = self.waiting.pop()?;
                    if step.at >= self.world.begins_at + i64::from(self.size.days) * DAY + MINUTE {
                        return None;
                    }
                    return Some(self.draw(&step, order));
                }
                _ if is_over => return None,
                _ => self.next_hour(),
            }
        }
    }
}
