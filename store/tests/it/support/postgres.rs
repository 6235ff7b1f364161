//! A private PostgreSQL for the time of this test process.
//!
//! A small shell holds it: when this process ends, however it ends, the shell's input closes, and
//! it stops the server and removes the folder. PostgreSQL refuses to run as root, so root hands it
//! to an unprivileged user.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};

const HOLD: &str = r#"folder=$1; shift; "$@" >"$folder/log" 2>&1 & server=$!
cat >/dev/null; kill -INT $server; wait $server; rm -rf "$folder""#;

struct Server {
    port: u16,
    _shell: Child,
}

/// URL of a new, empty database; `None`, loudly, where PostgreSQL may be skipped and is absent.
pub(crate) async fn new_database() -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(start).as_ref()?;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let url = |database: &str| format!("postgres://sekisho@127.0.0.1:{}/{database}", server.port);
    let mut connection = connect(&url("postgres")).await;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    Some(url(&name))
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    for _ in 0..600 {
        if let Ok(connection) = AnyConnection::connect(url).await {
            return connection;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the private PostgreSQL does not answer");
}

fn start() -> Option<Server> {
    let Some(programs) = programs() else {
        assert!(
            std::env::var_os("SEKISHO_SKIP_POSTGRES").is_some_and(|value| value == "1"),
            "PostgreSQL is not installed (apt-get install postgresql, or cargo xtask test). \
             SEKISHO_SKIP_POSTGRES=1 skips these tests."
        );
        eprintln!("SKIPPED ON POSTGRESQL: it is not installed and SEKISHO_SKIP_POSTGRES=1");
        return None;
    };
    let folder = tempfile::tempdir().unwrap().keep();
    let user = unprivileged_user();
    if let Some(user) = user {
        assert!(Command::new("chown").arg(user).arg(&folder).status().unwrap().success());
    }
    let data = folder.join("data");
    let made = as_user(user, &programs.join("initdb"))
        .args(["-U", "sekisho", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let shell = hold(&folder, &data, port, &as_user(user, &programs.join("postgres")));
    Some(Server { port, _shell: shell })
}

fn hold(folder: &Path, data: &Path, port: u16, server: &Command) -> Child {
    Command::new("sh")
        .args(["-c", HOLD, "sh"])
        .arg(folder)
        .arg(server.get_program())
        .args(server.get_args())
        .arg("-D")
        .arg(data)
        .arg("-k")
        .arg(folder)
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Folder of the newest PostgreSQL installed.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    found.sort();
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    found.extend(asked.map(|said| String::from_utf8_lossy(&said.stdout).trim().into()));
    found.into_iter().rev().find(|folder| folder.join("initdb").exists())
}

/// Whom root hands the server to; `None` when we are not root.
fn unprivileged_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| {
        let said = Command::new("id").args(arguments).output().ok()?;
        said.status.success().then(|| String::from_utf8_lossy(&said.stdout).trim().to_owned())
    };
    if id(&["-u"])? != "0" {
        return None;
    }
    ["postgres", "nobody"].into_iter().find(|user| id(&["-u", user]).is_some())
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).args(["--clear-groups", "--"]).arg(program);
    command
}
