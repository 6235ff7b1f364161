//! What the world says about an event's address, mail domain and secret: IP data, infrastructure
//! lists, the store's own lists and breached passwords, from files that may change at any time.
//!
//! A changed file is read beside the old one and swapped in whole; a broken one is reported and the
//! old one stays. Nothing here is ever fetched: files come in by `cargo xtask` or the operator.

mod breached;
mod file;
mod geography;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use domain::event::{Event, Place};
use domain::list::{AddressList, DomainList, NetworkTable, OwnList, OwnLists, SystemList};
use domain::observation::{Listed, Origin};
use domain::time::{DAY, Micros};

pub use breached::{BreachedHashes, SHA1_PREFIX_CHARS};
pub use file::FileStatus;
use file::{Dated, Slot, Taken};
use geography::Countries;

use crate::config::Config;
use crate::world::{World, pause};

/// How often the files are looked at.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Names of the files in the folder; each may be absent.
mod name {
    pub(super) const COUNTRY: &str = "country.mmdb";
    pub(super) const ASN_V4: &str = "asn-ipv4.csv";
    pub(super) const ASN_V6: &str = "asn-ipv6.csv";
    pub(super) const DATACENTRE: &str = "datacentre.txt";
    pub(super) const DATACENTRE_ASN: &str = "datacentre-asn.txt";
    pub(super) const VPN: &str = "vpn.txt";
    pub(super) const TOR: &str = "tor.txt";
    pub(super) const BAD: &str = "bad.txt";
    pub(super) const DISPOSABLE: &str = "disposable.txt";
    pub(super) const BREACHED: &str = "breached";
    pub(super) const BREACHED_SECRETS: &str = "breached-secrets.txt";
}

/// Everything loaded; swapped whole.
#[derive(Clone, Default)]
struct View {
    country: Option<Arc<Dated<Countries>>>,
    networks: [Option<Arc<Dated<NetworkTable>>>; 2],
    datacentre: Option<Arc<Dated<AddressList>>>,
    datacentre_systems: Option<Arc<Dated<SystemList>>>,
    vpn: Option<Arc<Dated<AddressList>>>,
    tor: Option<Arc<Dated<AddressList>>>,
    bad: Option<Arc<Dated<AddressList>>>,
    disposable: Option<Arc<Dated<DomainList>>>,
    breached: Option<Arc<Dated<BreachedHashes>>>,
    breached_secrets: Option<Arc<Dated<BreachedHashes>>>,
    own: Arc<OwnLists>,
    label_names: Arc<[String]>,
}

/// The files, and what was made of them.
struct Files {
    country: Slot<Countries>,
    networks: [Slot<NetworkTable>; 2],
    datacentre: Slot<AddressList>,
    datacentre_systems: Slot<SystemList>,
    vpn: Slot<AddressList>,
    tor: Slot<AddressList>,
    bad: Slot<AddressList>,
    disposable: Slot<DomainList>,
    breached: Slot<BreachedHashes>,
    breached_secrets: Slot<BreachedHashes>,
}

/// What the world says; one for the process, shared by reference.
pub struct Surroundings {
    folder: PathBuf,
    files: Mutex<Files>,
    view: RwLock<Arc<View>>,
}

impl Surroundings {
    /// Reads what `config` names.
    pub fn of(config: &Config, now: Micros) -> Self {
        let surroundings = Self::open(&config.surroundings(), now);
        surroundings.set_label_names(config.policy_properties());
        for file in surroundings.status() {
            if let Some(error) = &file.error {
                tracing::warn!(file = file.name, error, "list not taken in; its facts are unknown");
            }
        }
        surroundings
    }

    /// Reads what is in `folder`; a file that is absent or broken leaves its facts unknown and is
    /// told by [`Self::status`].
    pub fn open(folder: &Path, now: Micros) -> Self {
        let surroundings = Self {
            folder: folder.to_owned(),
            files: Mutex::new(Files::in_folder(folder)),
            view: RwLock::default(),
        };
        surroundings.look(now);
        surroundings
    }

    /// The folder the files are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Properties of events that rules may read (`policy_properties`).
    pub fn set_label_names(&self, names: Vec<String>) {
        self.change(|view| view.label_names = names.into());
    }

    /// The store's own lists from now on. Returns how many entries fitted no spelling of their kind
    /// and were left out.
    pub fn set_own_lists(&self, lists: &[OwnList]) -> usize {
        let (own, unfit) = OwnLists::new(lists);
        self.change(|view| view.own = Arc::new(own));
        unfit
    }

    /// Everything known about where `event` comes from, as of its own time.
    pub fn resolve(&self, event: &Event) -> Place {
        let view = self.view();
        let origin = view.origin(event);
        let lists = view.own.hits(event, &origin);
        let email = event.account.as_ref().and_then(|account| account.email.as_deref());
        let domain =
            email.and_then(|email| email.trim().rsplit_once('@')).map(|(_, domain)| domain);
        let disposable = match (&view.disposable, domain) {
            (Some(list), Some(domain)) => {
                listed(list.value.contains(domain), list.as_of, event.occurred_at)
            }
            _ => Listed::Unknown,
        };
        let secret = event.credential.as_ref().and_then(|with| with.secret_hash.as_deref());
        let breached = match (&view.breached_secrets, secret) {
            (Some(file), Some(secret)) => file.value.names(secret),
            _ => None,
        };
        Place { origin, disposable, lists, breached, label_names: view.label_names.to_vec() }
    }

    /// Whether a password is known to be breached, by the SHA-1 of it in hex; `None` where no file
    /// is loaded, it cannot be read, or the text is no SHA-1.
    pub fn is_breached(&self, sha1_hex: &str) -> Option<bool> {
        let is_sha1 = sha1_hex.len() == 40 && sha1_hex.bytes().all(|sign| sign.is_ascii_hexdigit());
        let view = self.view();
        let file = view.breached.as_ref().filter(|_| is_sha1)?;
        file.value.names(&sha1_hex.to_ascii_uppercase())
    }

    /// The breached SHA-1s under a prefix of five hex digits, as their other digits and counts; `None`
    /// where no file is loaded, or it cannot tell of this prefix.
    pub fn breached_range(&self, prefix: &str) -> Option<Vec<(String, u64)>> {
        let view = self.view();
        view.breached.as_ref()?.value.range(&prefix.to_ascii_uppercase())
    }

    /// Each file: where it is, how much it holds, how old it is and what is wrong with it.
    pub fn status(&self) -> Vec<FileStatus> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).status()
    }

    /// Looks at every file and takes in those that changed. Returns what was taken in or refused.
    /// Blocks while it reads.
    pub fn look(&self, now: Micros) -> Vec<FileStatus> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = files.look(now);
        if !changed.is_empty() {
            self.change(|view| files.show(view));
        }
        changed
    }

    /// Looks again and again, as long as it is polled.
    pub async fn watch(self: Arc<Self>, world: World, every: Duration) {
        loop {
            pause(every).await;
            let (surroundings, now) = (Arc::clone(&self), world.now());
            let looked = tokio::task::spawn_blocking(move || surroundings.look(now)).await;
            for file in looked.unwrap_or_default() {
                match &file.error {
                    None => {
                        tracing::info!(file = file.name, entries = file.entries, "list taken in");
                    }
                    Some(error) => tracing::warn!(
                        file = file.name,
                        error,
                        entries = file.entries,
                        "list not taken in, the one before stays"
                    ),
                }
            }
        }
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut View)) {
        let mut held = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let mut view = View::clone(&held);
        change(&mut view);
        *held = Arc::new(view);
    }
}

impl View {
    fn origin(&self, event: &Event) -> Origin {
        let Some(ip) = event.context.ip else { return Origin::default() };
        let at = event.occurred_at;
        let by_address = |list: &Option<Arc<Dated<AddressList>>>| {
            let list = list.as_ref();
            list.map_or(Listed::Unknown, |list| listed(list.value.contains(ip), list.as_of, at))
        };
        let asn = self.networks.iter().flatten().find_map(|table| table.value.find(ip));
        let by_system = self
            .datacentre_systems
            .as_ref()
            .map(|list| listed(asn.is_some_and(|asn| list.value.contains(asn)), list.as_of, at));
        Origin {
            asn,
            country: self.country.as_ref().and_then(|file| file.value.find(ip)),
            datacentre: named_by_either(
                by_address(&self.datacentre),
                by_system.unwrap_or_default(),
            ),
            vpn: by_address(&self.vpn),
            tor: by_address(&self.tor),
            bad: by_address(&self.bad),
            ..Origin::default()
        }
    }
}

fn listed(named: bool, as_of: Micros, at: Micros) -> Listed {
    if !named {
        return Listed::No;
    }
    let days = at.since(as_of).max(0) / DAY;
    Listed::Yes { age_days: u16::try_from(days).unwrap_or(u16::MAX) }
}

fn named_by_either(one: Listed, other: Listed) -> Listed {
    match (one, other) {
        (Listed::Yes { age_days: one }, Listed::Yes { age_days: other }) => {
            Listed::Yes { age_days: one.min(other) }
        }
        (yes @ Listed::Yes { .. }, _) | (_, yes @ Listed::Yes { .. }) => yes,
        (Listed::No, _) | (_, Listed::No) => Listed::No,
        (Listed::Unknown, Listed::Unknown) => Listed::Unknown,
    }
}

/// How a list is read from its text.
fn text<T>(
    parse: fn(&[u8]) -> Result<T, domain::list::ListError>,
    entries: fn(&T) -> usize,
) -> impl Fn(&Path) -> Result<Taken<T>, String> {
    move |path| {
        let text = file::read(path)?;
        let value = parse(&text).map_err(|error| error.to_string())?;
        Ok(Taken { entries: entries(&value), dated: domain::list::dated(&text), value })
    }
}

impl Files {
    fn in_folder(folder: &Path) -> Self {
        fn slot<T>(folder: &Path, name: &'static str) -> Slot<T> {
            Slot::new(name, folder.join(name))
        }
        Self {
            country: slot(folder, name::COUNTRY),
            networks: [slot(folder, name::ASN_V4), slot(folder, name::ASN_V6)],
            datacentre: slot(folder, name::DATACENTRE),
            datacentre_systems: slot(folder, name::DATACENTRE_ASN),
            vpn: slot(folder, name::VPN),
            tor: slot(folder, name::TOR),
            bad: slot(folder, name::BAD),
            disposable: slot(folder, name::DISPOSABLE),
            breached: slot(folder, name::BREACHED),
            breached_secrets: slot(folder, name::BREACHED_SECRETS),
        }
    }

    /// Looks at every file; those that changed, with what became of them.
    fn look(&mut self, now: Micros) -> Vec<FileStatus> {
        let addresses = text(AddressList::parse, AddressList::len);
        let networks = text(NetworkTable::parse, NetworkTable::len);
        let [v4, v6] = &mut self.networks;
        let changed = [
            self.country.look(now, Countries::open),
            v4.look(now, &networks),
            v6.look(now, &networks),
            self.datacentre.look(now, &addresses),
            self.datacentre_systems.look(now, text(SystemList::parse, SystemList::len)),
            self.vpn.look(now, &addresses),
            self.tor.look(now, &addresses),
            self.bad.look(now, &addresses),
            self.disposable.look(now, text(DomainList::parse, DomainList::len)),
            self.breached.look(now, BreachedHashes::open_sha1),
            self.breached_secrets.look(now, BreachedHashes::open),
        ];
        let status = self.status();
        status.into_iter().zip(changed).filter_map(|(file, new)| new.then_some(file)).collect()
    }

    fn show(&self, view: &mut View) {
        let [v4, v6] = &self.networks;
        view.country = self.country.held();
        view.networks = [v4.held(), v6.held()];
        view.datacentre = self.datacentre.held();
        view.datacentre_systems = self.datacentre_systems.held();
        view.vpn = self.vpn.held();
        view.tor = self.tor.held();
        view.bad = self.bad.held();
        view.disposable = self.disposable.held();
        view.breached = self.breached.held();
        view.breached_secrets = self.breached_secrets.held();
    }

    fn status(&self) -> Vec<FileStatus> {
        let [v4, v6] = &self.networks;
        vec![
            self.country.status(),
            v4.status(),
            v6.status(),
            self.datacentre.status(),
            self.datacentre_systems.status(),
            self.vpn.status(),
            self.tor.status(),
            self.bad.status(),
            self.disposable.status(),
            self.breached.status(),
            self.breached_secrets.status(),
        ]
    }
}

#[cfg(test)]
mod tests;
