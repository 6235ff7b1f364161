//! The example store, as a program.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use example_store::{Settings, Shop, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match run(Settings::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the store cannot go on");
            ExitCode::from(4)
        }
    }
}

async fn run(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(settings.listen).await?;
    let shop = Shop::open(settings).await?;
    tracing::info!(address = %listener.local_addr()?, "the store is open");
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    serve(listener, Arc::clone(&shop), async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    })
    .await?;
    Ok(())
}
