//! What agents do in a case, from wherever they do it: the API or the desk's pages.

use domain::case::{
    Actor, BreachReport, Cause, Command, Mark, OrderFacts, Outcome, Ruling, TABLE, rule,
};
use domain::event::account_key;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::Changes;
use utoipa::ToSchema;

use super::{Numbered, Report};
use crate::http::House;
use crate::http::problem::{Kind, Problem};

/// Lost races until a caller is asked to come again.
const RACES_MAX: usize = 4;

/// What is done.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = CaseDoing)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Doing {
    /// The agent takes the case.
    Take,
    /// The case is about this account (R20).
    Locate {
        /// Your id of the account.
        account_id: String,
    },
    /// The reporter is asked for more (R14); the reason is what is asked.
    AskForMore,
    /// The takeover began then.
    Begin {
        /// RFC 3339.
        at: String,
    },
    /// An agent has seen a document of whoever reports; two agents make level V4.
    SeeDocument {
        /// The number of the report, where more than one went into the case: it counts for that
        /// report's reporter alone (T15).
        #[serde(default)]
        report: Option<String>,
    },
    /// The intruder is put out (X3); needs V2.
    Contain,
    /// The owner begins to come back, with a cool-down; needs V3.
    Recover,
    /// The reporter's word on an order, told on the phone.
    Mark {
        /// Your id of the order.
        order_id: String,
        /// It is theirs.
        mine: bool,
    },
    /// What the table says of an order is ruled (R29); needs V3 for a refund.
    Rule {
        /// Your id of the order.
        order_id: String,
        /// After review: it was not the owner (`true`), or it was (`false`).
        #[serde(default)]
        confirmed: Option<bool>,
    },
    /// The reporter does not agree with the ruling on an order, told on the phone; the reason is
    /// theirs. Another supervisor than before rules on it, and decides.
    Appeal {
        /// Your id of the order.
        order_id: String,
    },
    /// A second person agrees to a ruling (T5).
    Approve {
        /// Your id of the order.
        order_id: String,
    },
    /// All orders are ruled on.
    Decide,
    /// Money and goods are put right.
    MadeWhole,
    /// The case is over (R8).
    Close {
        /// Why it could happen.
        #[schema(value_type = String, example = "phishing")]
        cause: Cause,
    },
    /// Why it could happen is known (R8); the case goes on, and may end by itself.
    NameCause {
        /// Why.
        #[schema(value_type = String, example = "phishing")]
        cause: Cause,
    },
    /// A report to the commission is made, or not needed: the reason says which.
    SettleBreach {
        /// `preliminary` or `final`.
        #[schema(value_type = String, example = "preliminary")]
        report: BreachReport,
    },
    /// It begins again.
    Reopen,
    /// A legal hold: nothing of it is removed, and its account is not erased, until it is lifted; the
    /// reason says who asks (X12).
    Hold,
    /// The hold is lifted; a supervisor.
    LiftHold,
    /// A word to the reporter, in the thread.
    Say,
    /// A word for the history alone.
    Note,
    /// A field of the report is looked at unmasked; the reason stays in the history (T5).
    Unmask {
        /// Which.
        field: Masked,
    },
}

/// A field of a report that is shown masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseMasked)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as what is asked")]
pub enum Masked {
    Login,
    Name,
    Address,
    NewContact,
}

impl Masked {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Name => "name",
            Self::Address => "address",
            Self::NewContact => "new_contact",
        }
    }

    /// What stands there.
    pub fn of(self, report: &Report) -> &str {
        match self {
            Self::Login => &report.login,
            Self::Name => &report.name,
            Self::Address => &report.address,
            Self::NewContact => &report.new_contact,
        }
    }
}

impl House {
    /// Takes a step, with everything that follows; again on fresh facts where somebody else wrote the
    /// case meanwhile.
    ///
    /// # Errors
    /// A problem that says why not; nothing was changed then.
    pub async fn take_step(
        &self,
        mut case: Numbered,
        doing: Doing,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        for _ in 0..RACES_MAX {
            match self.step_once(case.clone(), doing.clone(), by, reason).await {
                Err(problem) if problem.kind == Kind::Unavailable => {
                    case = self.case(case.id).await?.unwrap_or(case);
                }
                done => return done,
            }
        }
        Err(Problem::unavailable(1))
    }

    async fn step_once(
        &self,
        case: Numbered,
        doing: Doing,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        let now = self.world.now();
        let mut changes = Changes::default();
        let command = match doing {
            Doing::Contain => return self.contain(&case, by, reason).await,
            Doing::Recover => return self.recover(&case, by, reason).await,
            Doing::Locate { account_id } => {
                return self.locate_case(case, &account_id, by).await;
            }
            Doing::SeeDocument { report } => {
                return self.see_document(case, report.as_deref(), by, reason).await;
            }
            Doing::Say => {
                let text = reason.unwrap_or_default();
                let (mut next, _) = case.step(Command::Note, by, Some("a message"), now)?;
                next.say(Some(agent_of(by)), text, now);
                return self.write_case(&next, changes).await;
            }
            Doing::Unmask { field } => {
                let why = reason.map(|reason| format!("{}: {reason}", field.name()));
                let (next, _) = case.step(Command::Unmask, by, why.as_deref(), now)?;
                return self.write_case(&next, changes).await;
            }
            Doing::Take => Command::Take,
            Doing::AskForMore => Command::AskForMore,
            Doing::Begin { at } => Command::Begin(time(&at)?),
            Doing::Mark { order_id, mine } => {
                Command::Mark(order_id, if mine { Mark::Mine } else { Mark::NotMine })
            }
            Doing::Rule { order_id, confirmed } => {
                let ruling = self.ruling_on(&case, &order_id, confirmed).await?;
                Command::Rule(order_id, ruling)
            }
            Doing::Appeal { order_id } => Command::Appeal(order_id),
            Doing::NameCause { cause } => Command::NameCause(cause),
            Doing::SettleBreach { report } => Command::SettleBreach(report),
            Doing::Approve { order_id } => Command::Approve(order_id),
            Doing::Decide => Command::Decide,
            Doing::MadeWhole => {
                self.is_made_whole(&case).await?;
                Command::MadeWhole
            }
            Doing::Close { cause } => Command::Close(cause),
            Doing::Reopen => Command::Reopen,
            Doing::Hold => Command::Hold,
            Doing::LiftHold => Command::LiftHold,
            Doing::Note => Command::Note,
        };
        if matches!(command, Command::Hold | Command::LiftHold) {
            self.hold_reports(&case, &command, (by, reason), &mut changes).await?;
        }
        let asks = matches!(command, Command::AskForMore);
        let (mut next, actions) = case.step(command, by, reason, now)?;
        if asks && !actions.is_empty() {
            next.say(Some(agent_of(by)), reason.unwrap_or_default(), now);
        }
        changes.outbox.extend(self.rows_of(&next, &actions));
        let next = self.write_case(&next, changes).await?;
        self.bell.notify_one();
        self.label(&next, &actions).await?;
        Ok(next)
    }

    /// Every order with a refund has a restitution, and each of them is over: no money is forgotten.
    async fn is_made_whole(&self, case: &Numbered) -> Result<(), Problem> {
        let all = self.restitutions(case).await?;
        let over = |order: &String| {
            all.iter().any(|one| {
                let restitution = &one.kept.restitution;
                restitution.order == *order && restitution.is_over()
            })
        };
        let refunds = case.kept.case.rulings.iter().filter(|(_, ruled)| {
            matches!(ruled.ruling.outcome, Outcome::Refund { .. } | Outcome::SettledByIssuer)
        });
        match refunds.map(|(order, _)| order).find(|order| !over(order)) {
            Some(order) => {
                Err(Problem::new(Kind::Conflict, format!("order {order} is not made whole yet")))
            }
            None => Ok(()),
        }
    }

    async fn locate_case(
        &self,
        case: Numbered,
        account_id: &str,
        by: &Actor,
    ) -> Result<Numbered, Problem> {
        let key = account_key(account_id, &self.hasher);
        let since = self.since(key).await?.ok_or_else(|| Problem::not_found("account"))?;
        let locate = Command::Locate { account: (key, since) };
        let (mut next, _) = case.step(locate, by, None, self.world.now())?;
        next.kept.account_name = Some(account_id.to_owned());
        let next = self.weighed(next).await?;
        self.write_case(&next, Changes::default()).await
    }

    /// What the table says of an order; where it wants a person to look, what that person says.
    async fn ruling_on(
        &self,
        case: &Numbered,
        order_id: &str,
        confirmed: Option<bool>,
    ) -> Result<Ruling, Problem> {
        let Some(account) = case.kept.case.account else {
            return Err(Problem::not_found("account of the case"));
        };
        let history = self.history(account).await?;
        let (window, _) = self.window_of(case, &history);
        let orders = history.orders();
        let order = orders.iter().find(|order| order.id == order_id);
        let order = order.ok_or_else(|| Problem::not_found("order of this account"))?;
        let earlier = self.earlier_claims(case, account).await?;
        let facts = history.facts(order, &window, earlier);
        let now = self.world.now();
        let ruling = rule(&TABLE, &facts, now);
        Ok(match (ruling.outcome, confirmed) {
            (Outcome::Review { .. }, Some(true)) => {
                let seen = OrderFacts { own_device: false, earlier_claims: 0, ..facts };
                rule(&TABLE, &seen, now)
            }
            (_, Some(false)) => Ruling { outcome: Outcome::NotConfirmed, ..ruling },
            _ => ruling,
        })
    }
}

const fn agent_of(by: &Actor) -> &str {
    match by {
        Actor::Agent(name) | Actor::Supervisor(name) => name.as_str(),
        _ => "",
    }
}

fn time(at: &str) -> Result<Micros, Problem> {
    crate::time::read(at).ok_or_else(|| Problem::invalid("/at", "an RFC 3339 time with an offset"))
}
