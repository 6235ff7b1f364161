//! Files of a case stay for as long as the case says (X12).

use domain::case::{Actor, Command, Did, Step};
use domain::keyed::AccountKey;
use store::{Changes, DocumentKind, Put, StoreError};

use super::{Numbered, QUEUED, number_of};
use crate::http::House;
use crate::http::problem::Problem;

impl Numbered {
    /// Its files, by their kind and id: what was given, and what was made of it.
    fn files(&self) -> impl Iterator<Item = (DocumentKind, u128)> {
        let given = self.kept.evidence.iter().map(|item| (DocumentKind::Evidence, item.id));
        given.chain(self.kept.packs.iter().map(|item| (DocumentKind::Pack, item.id)))
    }

    /// A step that is not written yet changes for how long they stay.
    fn moves_files(&self) -> bool {
        let moves = |step: &Step| {
            step.from.is_open() != step.to.is_open()
                || matches!(step.did, Did::Held | Did::HoldLifted)
        };
        self.kept.case.steps.iter().skip(self.told).any(moves)
    }
}

impl House {
    /// Puts the files of a case with what is written, where they stay for longer or shorter now. They
    /// become the account's, and go with it when it is erased.
    pub(super) async fn keep_files(
        &self,
        case: &Numbered,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        if !case.moves_files() {
            return Ok(());
        }
        let until = case.kept.case.files_until();
        for (kind, id) in case.files() {
            let Some(file) = self.store.document(kind, id).await? else { continue };
            changes.puts.push(Put {
                kind,
                id,
                account: case.holder(),
                seen: Some(file.version),
                state: file.state,
                rank: file.rank,
                due_at: file.due_at,
                expires_at: until,
                body: file.body,
                names: None,
            });
        }
        Ok(())
    }

    /// The same hold for the reports that went into a case.
    pub(super) async fn hold_reports(
        &self,
        case: &Numbered,
        command: &Command,
        (by, reason): (&Actor, Option<&str>),
        changes: &mut Changes,
    ) -> Result<(), Problem> {
        let Some(account) = case.kept.case.account else { return Ok(()) };
        let reports = self.cases_of(account).await?;
        for report in reports.iter().filter(|report| report.kept.into == Some(case.id)) {
            let (next, _) = report.step(command.clone(), by, reason, self.world.now())?;
            self.keep_files(&next, changes).await?;
            next.write(self, changes);
        }
        Ok(())
    }

    /// The number of a case of this account that may not go (X12).
    pub(crate) async fn held_case_of(
        &self,
        account: AccountKey,
    ) -> Result<Option<String>, StoreError> {
        let mut cases = self.cases_in(account, &QUEUED.map(number_of)).await?;
        cases.extend(self.decided_cases_of(account).await?);
        let held = cases.into_iter().find(|case| case.kept.case.hold.is_some());
        Ok(held.map(|case| case.kept.number))
    }
}
