//! A former password (R25, C9): compared with hashes, and dropped.

use domain::case::Compared;
use factors::password::Password;

use crate::cases::Numbered;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::{Lane, Login};

/// Former passwords compared for one case.
const PASSWORDS_MAX: usize = 5;

impl House {
    /// How a former password compares: with hashes alone, five times for a case (R25, C9). The same
    /// work where there is nothing to compare it with.
    pub(super) async fn compare_former_password(
        &self,
        case: &Numbered,
        typed: &str,
    ) -> Result<Option<Compared>, Problem> {
        let key = domain::keyed::AccountKey(case.id);
        if typed.is_empty() || !self.members.may("former-password", key, PASSWORDS_MAX).await? {
            return Ok(None);
        }
        let login = Login::read(&case.kept.report.login);
        let found = match &login {
            Some(login) => self.members.by_any_login(login).await?,
            None => None,
        };
        let mut hashes: Vec<(Option<String>, Option<domain::time::Micros>)> = Vec::new();
        if let Some(found) = &found {
            let former = found.member.former_passwords.iter();
            hashes.extend(former.map(|(old, until)| (Some(old.hash.clone()), Some(*until))));
            hashes.extend(found.member.password.iter().map(|now| (Some(now.hash.clone()), None)));
        }
        hashes.resize(3, (None, None));
        let mut compared = if found.is_some() { Compared::NoMatch } else { Compared::NotAvailable };
        for (hash, until) in hashes {
            let Some(typed) = Password::read(typed.to_owned()) else { continue };
            let right = self.members.passwords.compare(Lane::Stranger, typed, hash).await;
            if right.map_err(|_| Problem::unavailable(1))?.right {
                compared = Compared::Match { until };
            }
        }
        Ok(Some(compared))
    }
}
