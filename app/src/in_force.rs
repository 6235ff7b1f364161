//! Which policy judges when a server starts.

use std::sync::Arc;

use domain::policy::Policy;
use store::{NewPolicy, Store, StoreError};

use crate::config::Config;
use crate::id;
use crate::world::World;

/// The policy that judges from the start.
pub struct InForce {
    /// Its number, as records name it.
    pub number: i64,
    /// `pol_…`
    pub version: String,
    /// The rules.
    pub policy: Arc<Policy>,
    /// It has never judged: the log must hear of it.
    pub is_new: bool,
}

/// The version that the log activated last; in a new instance the preset that `config` names,
/// stored as its first version.
///
/// # Errors
/// [`StoreError::Setup`] where the text cannot be compiled or there is no such preset.
pub async fn policy(store: &Store, config: &Config, world: &World) -> Result<InForce, StoreError> {
    if let Some(version) = store.active_policy().await? {
        let id = version.proposed.id;
        let policy = compiled(&id, &version.proposed.text)?;
        return Ok(InForce { number: version.number, version: id, policy, is_new: false });
    }
    let preset = config.said.text("policy-preset");
    let text = Policy::preset_text(preset).ok_or_else(|| {
        let place = config.said.place("policy-preset");
        StoreError::Setup(format!("{place}: there is no preset `{preset}`"))
    })?;
    let policy = compiled(preset, text)?;
    let version = id::show("pol", world.uuid());
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let proposed = NewPolicy {
        id: version.clone(),
        text: text.to_owned(),
        digest: digest.as_ref().first_chunk().copied().unwrap_or_default(),
        note: format!("preset {preset}"),
        created_by: "preset".to_owned(),
        created_at: world.now(),
    };
    let number = store.propose_policy(&proposed).await?;
    store.approve_policy(number, "operator", world.now()).await?;
    Ok(InForce { number, version, policy, is_new: true })
}

fn compiled(name: &str, text: &str) -> Result<Arc<Policy>, StoreError> {
    Policy::compile(text).map(Arc::new).map_err(|errors| {
        let first = errors.first();
        let at = first.map(|e| format!("line {}: {}", e.line, e.message)).unwrap_or_default();
        StoreError::Setup(format!("the policy {name} cannot be understood: {at}"))
    })
}
