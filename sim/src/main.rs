//! The command `sim`: traffic, the June night, and the comparison.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sim::network::{Kind, NETWORKS};
use sim::side_by_side::{markdown, measure};
use sim::{Drawn, Size, Traffic, story};

/// A believable small shop's traffic, from a seed.
#[derive(Debug, Parser)]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write events and labels
    Traffic {
        #[command(flatten)]
        size: SizeArgs,
        #[command(flatten)]
        out: OutArgs,
        /// Stop after this many events
        #[arg(long)]
        events_max: Option<u64>,
    },
    /// Write the night of 3 to 4 June alone
    Story {
        /// Everything follows from it
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Freeman, "new device or new country" and ours on the same rows, as Markdown
    Compare {
        #[command(flatten)]
        size: SizeArgs,
        /// Write it here; where absent, to standard output
        #[arg(long)]
        out: Option<PathBuf>,
        /// Judge by this preset
        #[arg(long, default_value = "marketplace")]
        preset: String,
    },
    /// Write the simulated internet as lists: address ranges to AS number and to country
    Lists {
        /// Folder to write to
        folder: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct SizeArgs {
    /// Everything follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Accounts
    #[arg(long, default_value_t = Size::default().accounts)]
    accounts: u64,
    /// Days from 1 April 2026
    #[arg(long, default_value_t = Size::default().days)]
    days: u32,
    /// Visits an account and day
    #[arg(long, default_value_t = Size::default().visits)]
    visits: f64,
    /// Takeovers of each kind for 1,000 accounts
    #[arg(long, default_value_t = Size::default().attacks)]
    attacks: f64,
}

impl SizeArgs {
    const fn size(&self) -> Size {
        let Self { accounts, days, visits, attacks, .. } = *self;
        Size { accounts, days, visits, attacks }
    }
}

#[derive(Debug, clap::Args)]
struct OutArgs {
    /// Events, one a line; where absent, to standard output
    #[arg(long)]
    out: Option<PathBuf>,
    /// Labels: `event_id,label,history,kind`
    #[arg(long)]
    labels: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(CommandLine::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sim: {error}");
            ExitCode::from(4)
        }
    }
}

fn run(task: Task) -> io::Result<()> {
    match task {
        Task::Traffic { size, out, events_max } => {
            let most = events_max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
            write_events(Traffic::new(size.seed, size.size()).take(most), &out)
        }
        Task::Story { seed, out } => write_events(story(seed), &out),
        Task::Compare { size, out, preset } => {
            let policy = policy(&preset)?;
            let measured = measure(size.seed, size.size(), &policy);
            let text = markdown(size.seed, size.size(), &measured);
            open(out.as_deref())?.write_all(text.as_bytes())
        }
        Task::Lists { folder } => write_lists(&folder),
    }
}

fn policy(preset: &str) -> io::Result<domain::policy::Policy> {
    domain::policy::Policy::preset(preset)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no such preset"))
}

fn write_events(events: impl IntoIterator<Item = Drawn>, out: &OutArgs) -> io::Result<()> {
    let mut lines = open(out.out.as_deref())?;
    let mut labels = out.labels.as_deref().map(|path| open(Some(path))).transpose()?;
    if let Some(labels) = &mut labels {
        labels.write_all(b"event_id,label,history,kind\n")?;
    }
    for drawn in events {
        lines.write_all(drawn.json.as_bytes())?;
        lines.write_all(b"\n")?;
        if let Some(labels) = &mut labels {
            let kind = drawn.attack.map_or("", sim::Attack::name);
            let label = u8::from(drawn.attack.is_some());
            writeln!(labels, "{},{label},{},{kind}", drawn.event_id, drawn.history)?;
        }
    }
    lines.flush()?;
    labels.map_or(Ok(()), |mut labels| labels.flush())
}

/// The ranges in the CSV form of `@ip-location-db`, and one list of CIDR ranges a kind.
fn write_lists(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = |name: &str| open(Some(&folder.join(name)));
    let (mut asn, mut country) = (file("asn-ipv4.csv")?, file("asn-country-ipv4.csv")?);
    let (mut datacentre, mut vpn) = (file("datacentre.txt")?, file("vpn.txt")?);
    let mut tor = file("tor.txt")?;
    for network in &NETWORKS {
        let (first, last) = network.range();
        writeln!(asn, "{first},{last},{},Sim {}", network.asn(), network.number)?;
        writeln!(country, "{first},{last},{}", network.country)?;
        match network.kind {
            Kind::Hosting => writeln!(datacentre, "{first}/12")?,
            Kind::Vpn => writeln!(vpn, "{first}/12")?,
            Kind::Tor => writeln!(tor, "{first}/12")?,
            Kind::Fixed | Kind::Mobile | Kind::Office => {}
        }
    }
    [asn, country, datacentre, vpn, tor].iter_mut().try_for_each(Write::flush)
}

fn open(path: Option<&Path>) -> io::Result<Box<dyn Write>> {
    Ok(match path {
        None => Box::new(BufWriter::new(io::stdout().lock())),
        Some(path) => Box::new(BufWriter::with_capacity(1 << 20, File::create(path)?)),
    })
}
