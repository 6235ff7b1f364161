//! The ledger of a case: double entry, append only, one posting for each thing that happened (§4.5).
//!
//! An amount is in minor units of one currency. In every posting debits equal credits; a mistake is
//! set right by a posting the other way round, never by changing one. Nothing is ever taken from the
//! victim: there is no account of theirs that could be debited below what we owe them.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Micros;

/// Where money stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What is owed to the customer until it is paid.
    CustomerRefundPayable,
    /// What the payment provider pays out for us.
    PspClearing,
    /// What fraud costs the store.
    StoreFraudLoss,
    /// What sellers are owed, or owe.
    SellerPayable,
    /// The marketplace's guarantee.
    GuaranteeFund,
    /// Balances of gift cards and points.
    GiftBalance,
    /// What the unknown intruder owes (R32, R35).
    IntruderReceivable,
    /// What carriers are owed.
    CarrierPayable,
    /// What is given up.
    WriteOff,
}

impl Account {
    /// Every account, in the order of the books.
    pub const ALL: [Self; 9] = [
        Self::CustomerRefundPayable,
        Self::PspClearing,
        Self::StoreFraudLoss,
        Self::SellerPayable,
        Self::GuaranteeFund,
        Self::GiftBalance,
        Self::IntruderReceivable,
        Self::CarrierPayable,
        Self::WriteOff,
    ];
}

/// One side of a posting: positive is debit, negative is credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where.
    pub account: Account,
    /// How much.
    pub amount: i64,
}

/// Something that happened to money. Amounts are what is meant, above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// A refund was approved, at the cost of whoever bears it.
    Approved {
        /// Who bears it.
        borne_by: Bearer,
        /// How much.
        amount: i64,
    },
    /// The refund reached the original method.
    Paid {
        /// By which way.
        way: Way,
        /// How much.
        amount: i64,
    },
    /// The issuer had paid it back already: what we meant to pay is owed no more (C13).
    SettledByIssuer {
        /// Who would have borne it.
        borne_by: Bearer,
        /// How much.
        amount: i64,
    },
    /// The carrier billed a return; the intruder owes it (R35).
    FeeBilled {
        /// How much.
        amount: i64,
    },
    /// We paid the carrier.
    FeePaid {
        /// How much.
        amount: i64,
    },
    /// Goods came back and the seller agreed to bear this much.
    GoodsBack {
        /// Who bore it until then.
        borne_by: Bearer,
        /// How much.
        amount: i64,
    },
    /// The carrier paid for goods it lost.
    CarrierPaid {
        /// Who bore it until then.
        borne_by: Bearer,
        /// How much.
        amount: i64,
    },
    /// The loss is claimed from the intruder (R32).
    Claimed {
        /// Who bore it until then.
        borne_by: Bearer,
        /// How much.
        amount: i64,
    },
    /// The claim is given up, by a supervisor.
    WrittenOff {
        /// How much.
        amount: i64,
    },
}

/// Who bears a refund (C14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The store: a stolen account is its loss.
    Store,
    /// The guarantee fund, up to its cap.
    GuaranteeFund,
}

/// By which way a refund is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Through the payment provider.
    Psp,
    /// Back onto a gift balance or points.
    GiftBalance,
}

/// Lines that belong together and sum to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// What happened; the same key never happens twice.
    pub key: String,
    /// ISO 4217.
    pub currency: [u8; 3],
    /// What it was.
    pub happened: Happened,
    /// The other way round: it sets an earlier posting right.
    pub reverses: Option<String>,
    /// Both sides.
    pub lines: Vec<Line>,
    /// When it was posted.
    #[serde(default)]
    pub at: Micros,
}

/// Why nothing is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// An amount of 0 or less, or beyond what can be summed.
    #[error("not an amount")]
    NotAnAmount,
    /// More is paid than is owed.
    #[error("more than is owed")]
    MoreThanOwed,
    /// More is given up, or paid to the carrier, than stands there.
    #[error("more than stands there")]
    MoreThanThere,
    /// Another currency than the ledger's.
    #[error("another currency")]
    OtherCurrency,
    /// There is no such posting, or it is itself a reversal, or it was reversed before.
    #[error("cannot be reversed")]
    NotReversible,
}

/// The postings of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// ISO 4217.
    pub currency: [u8; 3],
    postings: Vec<Posting>,
}

impl Ledger {
    /// A ledger in which nothing has happened.
    pub const fn new(currency: [u8; 3]) -> Self {
        Self { currency, postings: Vec::new() }
    }

    /// What has happened, oldest first.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Debits less credits of an account.
    pub fn balance(&self, account: Account) -> i64 {
        let lines = self.postings.iter().flat_map(|posting| &posting.lines);
        lines.filter(|line| line.account == account).map(|line| line.amount).sum()
    }

    /// All accounts that anything was posted to.
    pub fn balances(&self) -> BTreeMap<Account, i64> {
        let mut balances = BTreeMap::new();
        for line in self.postings.iter().flat_map(|posting| &posting.lines) {
            *balances.entry(line.account).or_default() += line.amount;
        }
        balances
    }

    /// What the customer is still owed.
    pub fn owed(&self) -> i64 {
        -self.balance(Account::CustomerRefundPayable)
    }

    /// Posts what happened under `key`; the same key again changes nothing.
    pub fn post(&self, key: &str, happened: Happened) -> Result<Self, Refused> {
        if self.find(key).is_some() {
            return Ok(self.clone());
        }
        let lines = lines_of(happened)?;
        let after = self.with(Posting {
            key: key.to_owned(),
            currency: self.currency,
            happened,
            reverses: None,
            lines,
            at: Micros::default(),
        });
        after.holds().map(|()| after)
    }

    /// Sets the posting `of` right by its opposite, under a key of its own.
    pub fn reverse(&self, key: &str, of: &str) -> Result<Self, Refused> {
        if self.find(key).is_some() {
            return Ok(self.clone());
        }
        let wrong = self.find(of).ok_or(Refused::NotReversible)?;
        let before = |posting: &Posting| posting.reverses.as_deref() == Some(of);
        if wrong.reverses.is_some() || self.postings.iter().any(before) {
            return Err(Refused::NotReversible);
        }
        let opposite = |line: &Line| Line { account: line.account, amount: -line.amount };
        let after = self.with(Posting {
            key: key.to_owned(),
            reverses: Some(of.to_owned()),
            lines: wrong.lines.iter().map(opposite).collect(),
            ..wrong.clone()
        });
        after.holds().map(|()| after)
    }

    /// What was posted under `key`; 0 where nothing was, or it was reversed.
    pub fn standing(&self, key: &str) -> i64 {
        let undone = |posting: &Posting| posting.reverses.as_deref() == Some(key);
        if self.postings.iter().any(undone) {
            return 0;
        }
        let lines = self.find(key).map_or(&[][..], |posting| &posting.lines);
        lines.iter().map(|line| line.amount.max(0)).sum()
    }

    /// The postings after the first `known` were posted at `at`.
    pub(crate) fn date(&mut self, known: usize, at: Micros) {
        for posting in self.postings.iter_mut().skip(known) {
            posting.at = at;
        }
    }

    fn find(&self, key: &str) -> Option<&Posting> {
        self.postings.iter().find(|posting| posting.key == key)
    }

    fn with(&self, posting: Posting) -> Self {
        let mut after = self.clone();
        after.postings.push(posting);
        after
    }

    /// No more is paid than owed, no more given up than claimed, no more paid than billed.
    fn holds(&self) -> Result<(), Refused> {
        if self.owed() < 0 {
            return Err(Refused::MoreThanOwed);
        }
        let claimed = self.balance(Account::IntruderReceivable);
        let billed = -self.balance(Account::CarrierPayable);
        if claimed < 0 || billed < 0 { Err(Refused::MoreThanThere) } else { Ok(()) }
    }
}

fn lines_of(happened: Happened) -> Result<Vec<Line>, Refused> {
    let (debit, credit, amount) = match happened {
        Happened::Approved { borne_by, amount } => {
            (borne_by.account(), Account::CustomerRefundPayable, amount)
        }
        Happened::Paid { way, amount } => (Account::CustomerRefundPayable, way.account(), amount),
        Happened::SettledByIssuer { borne_by, amount } => {
            (Account::CustomerRefundPayable, borne_by.account(), amount)
        }
        Happened::FeeBilled { amount } => {
            (Account::IntruderReceivable, Account::CarrierPayable, amount)
        }
        Happened::FeePaid { amount } => (Account::CarrierPayable, Account::PspClearing, amount),
        Happened::GoodsBack { borne_by, amount } => {
            (Account::SellerPayable, borne_by.account(), amount)
        }
        Happened::CarrierPaid { borne_by, amount } => {
            (Account::PspClearing, borne_by.account(), amount)
        }
        Happened::Claimed { borne_by, amount } => {
            (Account::IntruderReceivable, borne_by.account(), amount)
        }
        Happened::WrittenOff { amount } => (Account::WriteOff, Account::IntruderReceivable, amount),
    };
    // So many postings of so much stay within an i64 whatever comes together.
    if !(1..=AMOUNT_MAX).contains(&amount) {
        return Err(Refused::NotAnAmount);
    }
    Ok(vec![Line { account: debit, amount }, Line { account: credit, amount: -amount }])
}

/// The largest amount of one posting: 10¹⁴ minor units.
pub const AMOUNT_MAX: i64 = 100_000_000_000_000;

impl Bearer {
    const fn account(self) -> Account {
        match self {
            Self::Store => Account::StoreFraudLoss,
            Self::GuaranteeFund => Account::GuaranteeFund,
        }
    }
}

impl Way {
    const fn account(self) -> Account {
        match self {
            Self::Psp => Account::PspClearing,
            Self::GiftBalance => Account::GiftBalance,
        }
    }
}
