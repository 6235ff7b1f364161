//! The real server as a child process, on a database of its own.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testbed::PrivatePostgres;

/// Where a server keeps the truth.
pub(crate) enum Engine {
    Sqlite,
    Postgres(PrivatePostgres),
}

/// A running `sekisho serve`, killed when dropped.
pub(crate) struct Server {
    serve: Command,
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    folder: TempDir,
    engine: Engine,
}

impl Server {
    /// Starts a release server of `program` and makes a key for it.
    pub(crate) fn start(program: &Path, engine: Engine) -> Result<Self, String> {
        Self::start_with(program, engine, &[])
    }

    /// The same with settings of its own.
    pub(crate) fn start_with(
        program: &Path,
        engine: Engine,
        settings: &[(&str, &str)],
    ) -> Result<Self, String> {
        let folder = TempDir::with_prefix("sekisho-bench-").map_err(|e| e.to_string())?;
        let port = testbed::free_port().map_err(|e| e.to_string())?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut arguments = vec!["--data".to_owned(), folder.path().display().to_string()];
        if let Engine::Postgres(server) = &engine {
            arguments.extend(["--database-url".to_owned(), server.create_database("bench")?]);
        }
        let key = Command::new(program)
            .args(["keys", "create", "--name", "bench", "--scopes", "decide,read,desk,admin"])
            .args(&arguments)
            .output()
            .map_err(|error| format!("sekisho keys create: {error}"))?;
        if !key.status.success() {
            return Err(String::from_utf8_lossy(&key.stderr).into_owned());
        }
        let key = String::from_utf8_lossy(&key.stdout).trim().to_owned();
        let mut serve = Command::new(program);
        serve
            .arg("serve")
            .args(&arguments)
            .args(["--listen", &address.to_string()])
            .env("SEKISHO_BENCH_ROUTES", "true")
            .env("SEKISHO_KEY_EVENTS_PER_SECOND", "0")
            .env("SEKISHO_ACCOUNT_DECISIONS_PER_SECOND", "0")
            .env("SEKISHO_LOG", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::null());
        let child = serve.spawn().map_err(|error| format!("sekisho serve: {error}"))?;
        let server = Self { serve, child, address, key, folder, engine };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Runs another command of the program on the same database.
    pub(crate) fn run(&self, command: &[&str]) -> Result<(), String> {
        let mut program = Command::new(self.serve.get_program());
        let database = self.serve.get_args().skip(1).take_while(|word| *word != "--listen");
        let output = program.args(command).args(database).output().map_err(|e| e.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// A file in the server's own folder, which goes with it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Stops the server in good order and starts it again on the same data. Returns the bytes on
    /// disk between the two, and the seconds from the start to the first answer.
    pub(crate) fn restart(&mut self) -> Result<(u64, f64), String> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            return Err("cannot ask the server to stop".to_owned());
        }
        let stopped = self.child.wait().map_err(|error| error.to_string())?;
        if !stopped.success() {
            return Err(format!("the server ended with {stopped}"));
        }
        let bytes = self.disk_bytes()?;
        let begun = Instant::now();
        self.child = self.serve.spawn().map_err(|error| format!("sekisho serve: {error}"))?;
        self.wait_until_ready()?;
        Ok((bytes, begun.elapsed().as_secs_f64()))
    }

    fn wait_until_ready(&self) -> Result<(), String> {
        for _ in 0..600 {
            if self.is_alive().is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("the server does not answer after 30 s".to_owned())
    }

    /// The server listens before it has rebuilt its memory, and answers afterwards.
    fn is_alive(&self) -> std::io::Result<()> {
        let mut connection = TcpStream::connect(self.address)?;
        connection.set_read_timeout(Some(Duration::from_secs(30)))?;
        connection.write_all(b"GET /healthz HTTP/1.1\r\nhost: bench\r\n\r\n")?;
        connection.read_exact(&mut [0; 12])
    }

    /// Bytes the database takes on disk, the write-ahead log of SQLite included.
    pub(crate) fn disk_bytes(&self) -> Result<u64, String> {
        match &self.engine {
            Engine::Postgres(server) => server.database_bytes("bench"),
            Engine::Sqlite => {
                let files: Vec<PathBuf> = std::fs::read_dir(self.folder.path())
                    .map_err(|error| error.to_string())?
                    .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                    .collect();
                let sizes = files.iter().filter_map(|file| std::fs::metadata(file).ok());
                Ok(sizes.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum())
            }
        }
    }

    /// Resident memory of the server process.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// Processor time the server process has taken, in microseconds, in steps of a hundredth of a
    /// second: says what a request costs also on a machine that others use.
    pub(crate) fn processor_us(&self) -> Option<u64> {
        const US_PER_TICK: u64 = 10_000;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (u64, u64) =
            (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((user + system) * US_PER_TICK)
    }

    /// Name of the engine, for the report.
    pub(crate) const fn engine(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres(_) => "postgresql",
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
