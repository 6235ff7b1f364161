//! Who is at the desk for calls: agents say so themselves, until a time of their own (R21).

use domain::keyed::Field;
use domain::time::{DAY, MINUTE, Micros};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, Put, StoreError};

use super::{Numbered, TRIES};
use crate::http::House;
use crate::http::problem::Problem;

/// An agent says that they are free for so long at most, in minutes.
pub const FREE_MINUTES_MAX: i64 = 8 * 60;
/// Agents looked at.
const AGENTS_MAX: u32 = 200;

/// An agent who takes calls.
#[derive(Clone, Serialize, Deserialize)]
pub struct Agent {
    /// What the history of a case calls them.
    pub name: String,
    /// Until when they take calls.
    pub until: Micros,
    /// Since when they wait: who waits longest is next.
    pub since: Micros,
    /// The call-back that holds them.
    pub on: Option<u128>,
}

/// An agent as they were read.
struct Seen {
    agent: Agent,
    version: Option<u64>,
}

fn read(document: &Document) -> Option<Seen> {
    let agent = serde_json::from_slice(&document.body).ok()?;
    Some(Seen { agent, version: Some(document.version) })
}

impl House {
    fn agent_id(&self, name: &str) -> u128 {
        self.hasher.wide(Field::Other, format!("free-agent\0{name}").as_bytes())
    }

    fn put_agent(&self, seen: Option<u64>, agent: &Agent) -> Put {
        Put {
            kind: DocumentKind::FreeAgent,
            id: self.agent_id(&agent.name),
            account: None,
            seen,
            state: i64::from(agent.on.is_some()),
            rank: agent.since.0,
            due_at: None,
            // A call may outlast it, and has to find whom it held.
            expires_at: Some(agent.until.plus(DAY)),
            body: serde_json::to_vec(agent).unwrap_or_default(),
            names: None,
        }
    }

    async fn agent_seen(&self, name: &str) -> Result<Option<Seen>, StoreError> {
        let found = self.store.document(DocumentKind::FreeAgent, self.agent_id(name)).await?;
        Ok(found.as_ref().and_then(read))
    }

    /// From now on `name` takes calls for so many minutes; 0: no longer. A call that they are on
    /// goes on.
    ///
    /// # Errors
    /// It could not be written now.
    pub async fn take_calls(&self, name: &str, minutes: i64) -> Result<Agent, Problem> {
        for _ in 0..TRIES {
            let now = self.world.now();
            let seen = self.agent_seen(name).await?;
            let until = now.plus(minutes.clamp(0, FREE_MINUTES_MAX) * MINUTE);
            let on = match seen.as_ref().and_then(|seen| seen.agent.on) {
                Some(call) => self.still_holds(call).await?.then_some(call),
                None => None,
            };
            let since = seen.as_ref().map(|seen| &seen.agent).filter(|before| before.until > now);
            let since = since.map_or(now, |before| before.since);
            let agent = Agent { name: name.to_owned(), until, since, on };
            let put = self.put_agent(seen.and_then(|seen| seen.version), &agent);
            let changes = Changes { puts: vec![put], ..Changes::default() };
            if self.store.apply(&changes, now).await? == Applied::Done {
                return Ok(agent);
            }
        }
        Err(Problem::unavailable(1))
    }

    /// A call-back that is gone with its person, or over, holds nobody.
    async fn still_holds(&self, call: u128) -> Result<bool, StoreError> {
        let found = self.store.document(DocumentKind::Callback, call).await?;
        let call = found.as_ref().and_then(super::read);
        Ok(call.is_some_and(|call| call.kept.callback.state.holds_an_agent()))
    }

    /// Until when `name` takes calls.
    ///
    /// # Errors
    /// It cannot be read now.
    pub async fn takes_calls_until(&self, name: &str) -> Result<Option<Micros>, StoreError> {
        let seen = self.agent_seen(name).await?;
        Ok(seen.map(|seen| seen.agent.until).filter(|until| *until > self.world.now()))
    }

    /// Agents who take calls, on a call or not; who waits longest first.
    ///
    /// # Errors
    /// They cannot be read now.
    pub async fn agents_at_the_desk(&self) -> Result<Vec<Agent>, StoreError> {
        let now = self.world.now();
        let mut agents = Vec::new();
        for state in [0, 1] {
            let kind = DocumentKind::FreeAgent;
            let found = self.store.documents_in(kind, state, None, AGENTS_MAX).await?;
            agents.extend(found.iter().filter_map(read).map(|seen| seen.agent));
        }
        agents.retain(|agent| agent.until > now);
        Ok(agents)
    }

    /// The agent that a step of a call-back takes or lets go, to be written with it. The inner error:
    /// they are no longer free.
    pub(super) async fn agent_after(
        &self,
        before: &Numbered,
        after: &Numbered,
    ) -> Result<Result<Option<Put>, ()>, StoreError> {
        let now = self.world.now();
        let (was, is) = (&before.kept.callback, &after.kept.callback);
        let name = match (was.state.holds_an_agent(), is.state.holds_an_agent()) {
            (true, false) => was.agent.as_ref(),
            (false, true) => is.agent.as_ref(),
            _ => None,
        };
        let Some(name) = name else { return Ok(Ok(None)) };
        let takes = is.state.holds_an_agent();
        let Some(Seen { mut agent, version }) = self.agent_seen(name).await? else {
            return Ok(if takes { Err(()) } else { Ok(None) });
        };
        if takes {
            if agent.on.is_some() || agent.until <= now {
                return Ok(Err(()));
            }
            agent.on = Some(after.id);
        } else {
            if agent.on != Some(after.id) {
                return Ok(Ok(None));
            }
            (agent.on, agent.since) = (None, now);
        }
        Ok(Ok(Some(self.put_agent(version, &agent))))
    }
}
