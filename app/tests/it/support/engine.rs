//! On which engine the servers of a run keep the truth: SQLite, or with
//! `SEKISHO_TEST_ENGINE=postgresql` a private PostgreSQL with a database for each instance.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sekisho::config::{Said, Source};
use sekisho::world::environment;
use testbed::PrivatePostgres;

/// One server for all tests of a run; it goes when the run ends.
static POSTGRES: Mutex<Option<PrivatePostgres>> = Mutex::new(None);
/// In an instance's folder: where its database is.
const WHERE: &str = "test-database-url";

/// The settings of the instance in `folder`, with its database.
pub(super) fn on_its_engine(said: Said, folder: &Path) -> Said {
    match environment("SEKISHO_TEST_ENGINE").as_deref() {
        None | Some("sqlite") => said,
        Some("postgresql") => said.with("database-url", &database_of(folder), Source::Flag),
        Some(other) => panic!("SEKISHO_TEST_ENGINE={other}: sqlite or postgresql"),
    }
}

/// The database that belongs to the folder, made where it has none: an instance that is started
/// again finds what it kept.
fn database_of(folder: &Path) -> String {
    if let Ok(url) = std::fs::read_to_string(folder.join(WHERE)) {
        return url;
    }
    let mut server = POSTGRES.lock().unwrap_or_else(PoisonError::into_inner);
    let server = server.get_or_insert_with(|| PrivatePostgres::start_volatile().unwrap());
    let name = folder.file_name().unwrap().to_str().unwrap().trim_start_matches('.');
    let url = server.create_database(name).unwrap();
    std::fs::write(folder.join(WHERE), &url).unwrap();
    url
}
