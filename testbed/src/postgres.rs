//! A PostgreSQL of one's own.
//!
//! PostgreSQL refuses to run as root, so as root it is run as user `postgres` or `nobody` through
//! `setpriv`. The folder and the server go when the value is dropped, or, should it never be (a
//! `static`, a killed process), when the process ends: a small shell waits for that.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// How often, and how far apart, a starting server is asked whether it answers.
const TRIES: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// A running private server with one superuser `sekisho` and no password on loopback.
pub struct PrivatePostgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    user: Option<&'static str>,
    fsync: bool,
    /// Its input closes when this process ends, however it ends.
    watch: Option<Child>,
}

/// Waits for the end of its input, then stops the server as a crash would and removes its folder.
const WATCH: &str = r#"folder=$1; shift; cat >/dev/null; cd /; "$@"; rm -rf "$folder""#;

impl PrivatePostgres {
    /// Sets up and starts a server that keeps PostgreSQL's durable defaults (`fsync=on`).
    pub fn start() -> Result<Self, String> {
        Self::start_with(true)
    }

    /// The same without waiting for the disk: for tests that are not about durability.
    pub fn start_volatile() -> Result<Self, String> {
        Self::start_with(false)
    }

    fn start_with(fsync: bool) -> Result<Self, String> {
        let programs = programs().ok_or(
            "PostgreSQL's server programs are not here; install them with \
             `apt-get install postgresql` (the machine's own cluster is not used)",
        )?;
        let folder = TempDir::with_prefix("sekisho-postgres-").map_err(said("temporary folder"))?;
        let user = if is_root() { unprivileged() } else { None };
        let port = crate::free_port().map_err(said("free port"))?;
        let mut server = Self { folder, programs, port, user, fsync, watch: None };
        server.hand_over_folder()?;
        server.initialise()?;
        server.restart()?;
        server.watch = Some(server.watched()?);
        Ok(server)
    }

    fn watched(&self) -> Result<Child, String> {
        let stop = self.stop_command("immediate");
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "sh"]).arg(self.folder.path());
        command.arg(stop.get_program()).args(stop.get_args());
        // In a group of its own, so that Ctrl-C ends the tests and leaves the watch to clean up.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map_err(said("watch"))
    }

    fn stop_command(&self, mode: &str) -> Command {
        let mut command = self.command("pg_ctl");
        command.args(["-D", &self.data(), "-m", mode, "-w", "stop"]);
        command
    }

    /// Connection URL of a database; `postgres` always exists.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://sekisho@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates an empty database of this name and gives its URL.
    pub fn create_database(&self, name: &str) -> Result<String, String> {
        let sql = format!("CREATE DATABASE \"{name}\"");
        self.sql("postgres", &sql)?;
        Ok(self.url(name))
    }

    /// Runs one statement through `psql` and gives what it printed.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.url(database)]);
        output(&mut command, "psql")
    }

    /// Bytes a database takes on disk.
    pub fn database_bytes(&self, database: &str) -> Result<u64, String> {
        let printed = self.sql("postgres", &format!("SELECT pg_database_size('{database}')"))?;
        printed.trim().parse().map_err(|error| format!("pg_database_size: {error}"))
    }

    /// Starts the server again after [`PrivatePostgres::kill`] or [`PrivatePostgres::stop`].
    pub fn restart(&self) -> Result<(), String> {
        let mut command = self.command("pg_ctl");
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync={} \
             -c max_connections=60 -c shared_buffers=128MB",
            self.port,
            if self.fsync { "on" } else { "off" }
        );
        command.args(["-D", &self.data(), "-w", "-t", "30", "-l", &self.log(), "-o", &options]);
        output(command.arg("start"), "pg_ctl start")?;
        self.wait_until_answering()
    }

    /// Stops the server in an orderly way, its sessions cut off.
    pub fn stop(&self) -> Result<(), String> {
        output(&mut self.stop_command("fast"), "pg_ctl stop").map(drop)
    }

    /// Ends the server as a crash would: no checkpoint, sessions cut off.
    pub fn kill(&self) -> Result<(), String> {
        output(&mut self.stop_command("immediate"), "pg_ctl stop").map(drop)
    }

    fn initialise(&self) -> Result<(), String> {
        let mut command = self.command("initdb");
        command.args(["-D", &self.data(), "-U", "sekisho", "-A", "trust", "-E", "UTF8"]);
        output(command.args(["--locale=C", "--no-sync"]), "initdb").map(drop)
    }

    fn wait_until_answering(&self) -> Result<(), String> {
        let mut last = Ok(());
        for _ in 0..TRIES {
            last = self.sql("postgres", "SELECT 1").map(drop);
            if last.is_ok() {
                break;
            }
            pause();
        }
        last
    }

    /// A server program, run as the unprivileged user where we are root.
    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = match self.user {
            None => Command::new(path),
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(path);
                command
            }
        };
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command
    }

    fn hand_over_folder(&self) -> Result<(), String> {
        let Some(user) = self.user else { return Ok(()) };
        let mut command = Command::new("chown");
        output(command.arg(format!("{user}:")).arg(self.folder.path()), "chown").map(drop)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn log(&self) -> String {
        self.folder.path().join("log").display().to_string()
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // Nothing can be done about a server that does not stop; its folder goes all the same.
        drop(self.kill());
        if let Some(mut watch) = self.watch.take() {
            drop(watch.stdin.take());
            drop(watch.wait());
        }
    }
}

/// The newest installed version's programs: Debian keeps them out of the path.
fn programs() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(debian)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    versions.sort();
    if let Some((_, programs)) = versions.pop() {
        return Some(programs);
    }
    let listed = Command::new("sh").args(["-c", "command -v initdb"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(listed.stdout).ok()?.trim());
    path.parent().filter(|folder| folder.join("postgres").exists()).map(Path::to_path_buf)
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn unprivileged() -> Option<&'static str> {
    ["postgres", "nobody"].into_iter().find(|user| {
        Command::new("id")
            .args(["-u", user])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

fn output(command: &mut Command, what: &str) -> Result<String, String> {
    // `pg_ctl start` leaves the server holding our pipes: its output goes to the log instead.
    let starting = what.ends_with("start");
    if starting {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().map_err(said(what))?;
        return if status.success() { Ok(String::new()) } else { Err(format!("{what}: {status}")) };
    }
    let output = command.stdin(Stdio::null()).output().map_err(said(what))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{what}: {}", String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn said<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> String {
    move |error| format!("{what}: {error}")
}

#[expect(clippy::disallowed_methods, reason = "waits for another program, outside any judgement")]
fn pause() {
    std::thread::sleep(PAUSE);
}

#[cfg(test)]
mod tests {
    use super::PrivatePostgres;

    #[test]
    fn a_private_server_takes_statements_and_survives_a_crash() -> Result<(), String> {
        let server = PrivatePostgres::start()?;
        server.create_database("one")?;
        server.sql("one", "CREATE TABLE kept (n BIGINT); INSERT INTO kept VALUES (7)")?;
        server.kill()?;
        server.restart()?;
        assert_eq!(server.sql("one", "SELECT n FROM kept")?.trim(), "7");
        Ok(())
    }
}
