//! Cases that judgement opens: an obligation `open_case` becomes a case, one for an account (R2).

use std::sync::Arc;

use domain::case::{Actor, Case, Command, Reporter};
use domain::decision::{Mode, Obligation};
use domain::keyed::AccountKey;
use store::Changes;
use tokio::sync::mpsc;

use super::Report;
use crate::http::House;
use crate::http::problem::Problem;
use crate::judge::{Judged, Submission};

/// Accounts waiting for their case; beyond that the webhook alone tells of them.
const WAITING_MAX: usize = 10_000;

/// An account for which a case is asked, and its id as the store gave it.
pub type Asked = (AccountKey, String);

/// Hears of decisions that ask for a case.
#[derive(Clone)]
pub struct Alarm(mpsc::Sender<Asked>);

impl Alarm {
    /// The alarm, and what is heard of it.
    pub fn new() -> (Self, mpsc::Receiver<Asked>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self(sender), receiver)
    }

    /// Rings where `judged` asks for a case. Shadow asks for nothing.
    pub fn hear(&self, judged: &Judged, submission: &Submission) {
        let asks = judged.mode == Mode::Enforce
            && !judged.repeated
            && judged.assessment.obligations.contains(&Obligation::OpenCase);
        let account = submission.observation.account.zip(submission.account_name.clone());
        if let (true, Some(account)) = (asks, account)
            && self.0.try_send(account).is_err()
        {
            tracing::warn!("a case that a decision asks for is told by its webhook alone");
        }
    }
}

impl House {
    /// Opens the cases that decisions ask for, for as long as there are any to come.
    pub async fn open_cases(house: Arc<Self>, mut asked: mpsc::Receiver<Asked>) {
        while let Some((account, name)) = asked.recv().await {
            if let Err(problem) = house.open_case_for(account, name).await {
                tracing::warn!(kind = ?problem.kind, "a case that a decision asks for is not open");
            }
        }
    }

    /// A case for an account, unless one is open.
    async fn open_case_for(&self, account: AccountKey, name: String) -> Result<(), Problem> {
        if self.case_that_takes(account, 0).await?.is_some() {
            return Ok(());
        }
        let Some(since) = self.since(account).await? else { return Ok(()) };
        let now = self.world.now();
        let case = Case::open(Reporter::System, true, now);
        let mut case = self.open_case(case, Report::default(), false).case;
        case.kept.secret = None;
        case.kept.account_name = Some(name);
        let submit = Command::Submit { account: Some((account, since)) };
        let (case, _) = case.step(submit, &Actor::System, None, now)?;
        self.submit_case(case, Changes::default()).await.map(drop)
    }
}
