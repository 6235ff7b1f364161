//! What the store has to know before it opens.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings of the example store; secrets come as variables, since flags are seen by everybody.
#[derive(Debug, Clone, clap::Parser)]
#[command(about = "A small shop that Sekisho protects")]
pub struct Settings {
    /// Folder of its database
    #[arg(long, default_value = "store-data")]
    pub data: PathBuf,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8480")]
    pub listen: SocketAddr,
    /// Where browsers find it
    #[arg(long, default_value = "http://localhost:8480")]
    pub public_url: String,
    /// Where Sekisho is; also the issuer of its ID tokens
    #[arg(long, default_value = "http://localhost:8470")]
    pub sekisho: String,
    /// Client id of this store at Sekisho
    #[arg(long, env = "STORE_CLIENT_ID")]
    pub client_id: String,
    /// Its secret
    #[arg(long, env = "STORE_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: String,
    /// Key of the API, with the scopes `decide` and `desk` (`admin` to put the clock forward)
    #[arg(long, env = "STORE_KEY", hide_env_values = true)]
    pub key: String,
    /// Secret of its webhook, `whsec_…`
    #[arg(long, env = "STORE_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: String,
    /// Longest wait for a decision; after it the store decides alone
    #[arg(long, default_value_t = 300)]
    pub decision_timeout_ms: u64,
    /// Believe `X-Forwarded-For`, and show the rooms behind the shop: warehouse, carrier, payments,
    /// the night. For development on one machine
    #[arg(long)]
    pub backstage: bool,
}
