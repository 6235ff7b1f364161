//! A report that was a mistake. It is its reporter's to take back; the case goes with it only where
//! nobody else stands in it, and never once the intruder was put out: whoever took the account over
//! would gladly withdraw what its owner reported (T15).

use domain::case::{Actor, Command, State};
use store::Changes;

use super::Numbered;
use crate::http::House;
use crate::http::problem::Problem;

impl House {
    /// Takes a report back. Who reported sees the same whatever becomes of the case (T6).
    ///
    /// # Errors
    /// The database is away, or busy.
    pub(crate) async fn withdraw_report(
        &self,
        own: &Numbered,
        why: Option<&str>,
    ) -> Result<(), Problem> {
        let now = self.world.now();
        let mut changes = Changes::default();
        let was = own.kept.case.state;
        let withdrawn = own
            .stands_alone()
            .then(|| own.step(Command::Withdraw, &Actor::Reporter, why, now).ok())
            .flatten();
        let mut next = match withdrawn {
            Some((next, actions)) => {
                if was != State::Draft {
                    changes.outbox.extend(self.rows_of(&next, &actions));
                }
                next
            }
            None => own.clone(),
        };
        next.kept.withdrawn = true;
        if let Some(why) = why {
            next.say(None, why, now);
        }
        self.write_case(&next, changes).await?;
        self.bell.notify_one();
        Ok(())
    }
}

impl Numbered {
    /// Nothing in it is anybody else's: no other report, and no proof but this reporter's own.
    fn stands_alone(&self) -> bool {
        let own = |given| {
            self.kept.own.contains(given) || matches!(given, domain::case::Given::Claims { .. })
        };
        self.kept.into.is_none() && self.kept.reports == 0 && self.kept.case.given.iter().all(own)
    }
}
