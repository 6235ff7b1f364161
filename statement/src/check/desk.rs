//! What lies on the desk: charges without an order yet, orders without a charge yet.

use std::collections::BTreeMap;

use jiff::tz::Offset;
use rustc_hash::{FxHashMap, FxHashSet};

use super::report::Sums;
use super::verdict::LineReason;
use super::window::{Days, Fit, POSTING_DAYS, Window};
use super::{Options, Shops};
use crate::day::{Day, later};
use crate::line::{Line, Statement};
use crate::money::{Currency, Money};
use crate::order::{Funding, Order};
use crate::seen::{Fingerprint, Occurrences};

/// Comparisons that all steps together may make; what is not settled by then is doubtful. Real
/// files need a few hundred thousand.
const EFFORT_MAX: u64 = 1_000_000_000;

/// A line of one of the shops.
#[derive(Debug)]
pub(super) struct Charge<'a> {
    pub(super) statement: &'a Statement,
    pub(super) line: &'a Line,
    pub(super) fingerprint: Fingerprint,
    pub(super) days: Days,
    /// Positive is a charge, negative a credit.
    pub(super) money: Money,
    pub(super) settled: Option<Settled>,
    /// A credit gave this charge back.
    pub(super) refunded: bool,
}

/// What a line was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) reason: LineReason,
    /// Places of orders on the desk.
    pub(super) bills: Vec<usize>,
}

/// An order, and what of it is still without a charge.
#[derive(Debug)]
pub(super) struct Bill<'a> {
    pub(super) order: &'a Order,
    pub(super) placed: Day,
    pub(super) not_mine: bool,
    pub(super) parcels: Vec<Parcel>,
    /// A line that may be its charge was doubtful.
    pub(super) doubted: bool,
    /// Places of the order's refunds that a line shows.
    pub(super) refunds_seen: Vec<usize>,
}

/// What is charged together.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) window: Window,
    pub(super) amount: i64,
    pub(super) charged: bool,
}

/// One parcel of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ParcelAt {
    pub(super) bill: usize,
    pub(super) parcel: usize,
}

/// The desk.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    pub(super) charges: Vec<Charge<'a>>,
    pub(super) bills: Vec<Bill<'a>>,
    pub(super) as_of: Option<Day>,
    pub(super) first_day: Option<Day>,
    pub(super) only_posted: bool,
    pub(super) offset: Offset,
    /// Lines of other merchants.
    pub(super) other: Sums,
    pub(super) other_lines: Vec<(&'a Statement, &'a Line)>,
    /// Lines that an earlier file has told already.
    pub(super) repeated: usize,
    effort: u64,
}

impl<'a> Desk<'a> {
    pub(super) fn lay_out(
        statements: &'a [Statement],
        orders: &'a [Order],
        options: &Options,
        shops: &Shops,
    ) -> Self {
        let mut desk = Self {
            charges: Vec::new(),
            bills: orders.iter().map(|order| Bill::of(order, options)).collect(),
            as_of: options.as_of.or_else(|| last_day(statements)),
            first_day: first_day(statements),
            only_posted: only_posted(statements),
            offset: options.offset,
            other: Sums::default(),
            other_lines: Vec::new(),
            repeated: 0,
            effort: 0,
        };
        desk.bills.sort_by(|a, b| {
            (a.placed, &a.order.id, a.order).cmp(&(b.placed, &b.order.id, b.order))
        });
        desk.take_lines(statements, shops);
        desk.charges.sort_by(|a, b| a.key().cmp(&b.key()));
        desk
    }

    /// Lines of the shops go on the desk; one that another file holds too is taken once.
    fn take_lines(&mut self, statements: &'a [Statement], shops: &Shops) {
        let mut seen: FxHashSet<Fingerprint> = FxHashSet::default();
        let mut theirs: FxHashMap<&str, bool> = FxHashMap::default();
        for statement in statements {
            let mut occurrences = Occurrences::default();
            for line in &statement.lines {
                let fingerprint = occurrences.fingerprint(line);
                if !seen.insert(fingerprint) {
                    self.repeated += 1;
                } else if *theirs.entry(&line.folded).or_insert_with(|| shops.have(&line.folded)) {
                    self.charges.push(Charge::of(statement, line, fingerprint));
                } else {
                    self.other.add(line.amount);
                    self.other_lines.push((statement, line));
                }
            }
        }
    }

    /// Charges that nothing explains yet, in their order.
    pub(super) fn open_charges(&self) -> Vec<usize> {
        let open = |at: &usize| {
            self.charges.get(*at).is_some_and(|one| one.settled.is_none() && one.money.amount > 0)
        };
        (0..self.charges.len()).filter(open).collect()
    }

    /// Parcels without a charge, in their order.
    pub(super) fn open_parcels(&self) -> Vec<ParcelAt> {
        let bills = self
            .bills
            .iter()
            .enumerate()
            .filter(|(_, bill)| bill.order.funding != Funding::Otherwise);
        bills
            .flat_map(|(at, bill)| {
                let open = bill
                    .parcels
                    .iter()
                    .enumerate()
                    .filter(|(_, parcel)| !parcel.charged && parcel.amount > 0);
                open.map(move |(parcel, _)| ParcelAt { bill: at, parcel })
            })
            .collect()
    }

    /// Bills with open parcels, by the days they were placed and shipped on.
    pub(super) fn bills_by_day(&self) -> BTreeMap<Day, Vec<usize>> {
        let mut by_day: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
        for at in self.open_parcels() {
            let Some(window) = self.parcel(at).map(|parcel| parcel.window) else { continue };
            for day in [Some(window.placed), window.shipped].into_iter().flatten() {
                by_day.entry(day).or_default().push(at.bill);
            }
        }
        by_day
    }

    /// Of those, the ones that a charge may fit closely, in their order.
    pub(super) fn close_bills(
        &self,
        by_day: &BTreeMap<Day, Vec<usize>>,
        charge: usize,
    ) -> Vec<usize> {
        let Some(days) = self.charges.get(charge).map(|one| one.days) else { return Vec::new() };
        let ends = [days.used, days.posted].into_iter().flatten();
        let mut bills: Vec<usize> = ends
            .flat_map(|day| by_day.range(later(day, -1 - POSTING_DAYS)..=day))
            .flat_map(|(_, bills)| bills.iter().copied())
            .collect();
        bills.sort_unstable();
        bills.dedup();
        bills
    }

    /// Whether what a line was found to be makes it somebody else's.
    pub(super) fn is_not_yours(&self, settled: &Settled) -> bool {
        settled.bills.iter().any(|bill| self.bills.get(*bill).is_some_and(|bill| bill.not_mine))
    }

    /// How the day of a charge fits a parcel.
    pub(super) fn fit(&self, charge: usize, at: ParcelAt) -> Option<Fit> {
        let days = self.charges.get(charge)?.days;
        self.parcel(at)?.window.fit(days)
    }

    pub(super) fn parcel(&self, at: ParcelAt) -> Option<&Parcel> {
        self.bills.get(at.bill)?.parcels.get(at.parcel)
    }

    /// What parcels cost together. Saturates.
    pub(super) fn amount(&self, parcels: &[ParcelAt]) -> i64 {
        let amounts = parcels.iter().filter_map(|at| self.parcel(*at)).map(|one| one.amount);
        amounts.fold(0, i64::saturating_add)
    }

    /// Whether there is time for another `steps` comparisons.
    pub(super) fn may_go_on(&mut self, steps: usize) -> bool {
        self.effort = self.effort.saturating_add(steps as u64);
        self.effort <= EFFORT_MAX
    }

    /// Whether the desk was left before everything was compared.
    pub(super) fn gave_up(&self) -> bool {
        self.effort > EFFORT_MAX
    }

    /// Settles charges as being those of parcels.
    pub(super) fn settle(&mut self, charges: &[usize], parcels: &[ParcelAt], reason: LineReason) {
        let mut bills: Vec<usize> = parcels.iter().map(|at| at.bill).collect();
        bills.sort_unstable();
        bills.dedup();
        for at in parcels {
            let parcel =
                self.bills.get_mut(at.bill).and_then(|bill| bill.parcels.get_mut(at.parcel));
            if let Some(parcel) = parcel {
                parcel.charged = true;
            }
        }
        for charge in charges {
            if let Some(charge) = self.charges.get_mut(*charge) {
                charge.settled = Some(Settled { reason, bills: bills.clone() });
            }
        }
    }
}

impl<'a> Charge<'a> {
    fn of(statement: &'a Statement, line: &'a Line, fingerprint: Fingerprint) -> Self {
        let days = Days { used: line.used, posted: line.posted };
        Self {
            statement,
            line,
            fingerprint,
            days,
            money: line.amount,
            settled: None,
            refunded: false,
        }
    }

    /// What a line says; its place in the file only tells identical lines apart.
    fn key(&self) -> (Day, i64, Currency, &str, Days, Option<u64>, &str, u32) {
        let line = self.line;
        let (name, row) = (self.statement.name.as_str(), line.row);
        (
            self.days.day(),
            -self.money.amount,
            self.money.currency,
            &line.folded,
            self.days,
            line.account,
            name,
            row,
        )
    }
}

impl<'a> Bill<'a> {
    fn of(order: &'a Order, options: &Options) -> Self {
        let placed = order.placed.day(options.offset);
        let split = order.shipments.len() > 1;
        let parcels = order.shipments.iter().map(|one| {
            let shipped = one.shipped.map(|at| at.day(options.offset));
            Parcel { window: Window { placed, shipped, split }, amount: one.amount, charged: false }
        });
        Self {
            order,
            placed,
            not_mine: order.not_mine || options.not_mine.contains(&order.id),
            parcels: parcels.collect(),
            doubted: false,
            refunds_seen: Vec::new(),
        }
    }
}

fn days(statements: &[Statement]) -> impl Iterator<Item = Day> {
    statements.iter().flat_map(|one| &one.lines).flat_map(|line| [line.used, line.posted]).flatten()
}

fn last_day(statements: &[Statement]) -> Option<Day> {
    days(statements).max().max(statements.iter().filter_map(|one| one.covers.1).max())
}

fn first_day(statements: &[Statement]) -> Option<Day> {
    let declared = statements.iter().filter_map(|one| one.covers.0).min();
    declared.into_iter().chain(days(statements).min()).min()
}

fn only_posted(statements: &[Statement]) -> bool {
    let mut lines = statements.iter().flat_map(|one| &one.lines).peekable();
    lines.peek().is_some() && lines.all(|line| line.used.is_none())
}
