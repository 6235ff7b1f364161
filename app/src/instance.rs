//! One instance on this machine: its folder, its master key and its database.

use std::path::Path;
use std::time::Duration;

use store::{DatabaseOptions, MasterKey, Store, StoreError, Synchronous};

use crate::config::Config;

/// Name of the SQLite file in the data folder.
const DATABASE_FILE: &str = "sekisho.db";
/// Name of the master key's file in the data folder, where no other is named.
const MASTER_KEY_FILE: &str = "master.key";

/// How long a request waits for a connection or another's lock before its caller is told to come
/// again: longer than a busy disk takes, shorter than callers wait.
const DATABASE_PATIENCE: Duration = Duration::from_secs(2);

/// Opens the database `config` speaks of; a new one is set up, and its master key is made.
///
/// # Errors
/// [`StoreError::Setup`] when the folder cannot be made or the key is not this database's.
pub async fn open_store(config: &Config) -> Result<Store, StoreError> {
    make_folder(&config.data)?;
    let master = match config.said.optional("master-key") {
        Some(text) => MasterKey::from_text(text)?,
        None => MasterKey::from_file_or_new(
            &config
                .said
                .optional("master-key-file")
                .map_or_else(|| config.data.join(MASTER_KEY_FILE), Into::into),
        )?,
    };
    let url = config
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}", config.data.join(DATABASE_FILE).display()));
    let mut options = DatabaseOptions::new(url);
    options.wait_max = DATABASE_PATIENCE;
    if config.said.text("sqlite-synchronous") == "normal" {
        options.synchronous = Synchronous::Normal;
    }
    Store::open(&options, &master).await
}

/// The folder is its owner's alone: it holds the master key.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        StoreError::Setup(format!("the data folder {}: {error}", folder.display()))
    })
}
