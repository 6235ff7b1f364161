//! Devices that a member has signed in from: what a cookie is worth until it is forgotten.

use serde::{Deserialize, Serialize};

use super::command::{Acting, Refused};
use super::topic::{Telling, Topic};
use super::{DEVICES_MAX, Member};
use crate::time::Micros;

/// A device that a member has signed in from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Keyed hash of its cookie.
    pub hash: u64,
    /// Browser and system, as read from its user agent.
    pub name: String,
    /// When it was first seen.
    pub since: Micros,
    /// When it was last seen.
    pub last_seen: Micros,
    /// A sign-in from it asks for no second step until then, while nothing else speaks against it.
    pub trusted_until: Option<Micros>,
}

impl Member {
    /// The device of this hash, if it is known.
    pub fn device(&self, hash: u64) -> Option<&Device> {
        self.devices.iter().find(|device| device.hash == hash)
    }

    /// The member after a sign-in from a device.
    #[must_use]
    pub fn seen_on(mut self, device: Device) -> Self {
        if let Some(known) = self.devices.iter_mut().find(|known| known.hash == device.hash) {
            known.last_seen = device.last_seen;
            known.name = device.name;
            known.trusted_until = known.trusted_until.max(device.trusted_until);
            return self;
        }
        self.devices.push(device);
        self.devices.sort_by_key(|device| std::cmp::Reverse(device.last_seen));
        self.devices.truncate(DEVICES_MAX);
        self
    }

    /// The member without a device, and who is told: its cookie is a stranger's from now on. Nobody is
    /// given a code to undo it, because signing in there brings it back.
    pub fn without_device(
        &self,
        hash: u64,
        by: &Acting,
        now: Micros,
    ) -> Result<(Self, Telling), Refused> {
        self.may_change(by, now)?;
        let mut member = self.clone();
        member.devices.retain(|device| device.hash != hash);
        if member.devices.len() == self.devices.len() {
            return Err(Refused::NotThere);
        }
        let to = self.contacts_to_tell(now);
        Ok((member, Telling { topic: Topic::DeviceForgotten, to, undo_to: Vec::new() }))
    }
}
