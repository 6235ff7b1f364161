//! `sekisho clients`: clients of the `OpenID` provider, straight from the database, also while a
//! server runs on it.

use clap::Subcommand;
use serde_json::json;

use super::{Call, Exit, Failure, say};
use crate::instance::open_store;
use crate::openid::Algorithm;
use crate::openid::clients::{Client, ClientKind, Clients, Registration};

/// Arguments of `sekisho clients`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Register a client; its secret is printed once
    Create {
        /// What it is called
        #[arg(long)]
        name: String,
        /// Where answers may go, each in full
        #[arg(long = "redirect-uri", required = true)]
        redirect_uris: Vec<String>,
        /// Where a browser may go after signing out
        #[arg(long = "post-logout-redirect-uri")]
        post_logout_redirect_uris: Vec<String>,
        /// Where it hears that a session has ended
        #[arg(long)]
        backchannel_logout_uri: Option<String>,
        /// A page in a browser: no secret
        #[arg(long, conflicts_with = "native")]
        public: bool,
        /// An app on a device: no secret, loopback or a scheme of its own
        #[arg(long)]
        native: bool,
        /// Sign its ID tokens with ES256 rather than RS256
        #[arg(long)]
        es256: bool,
        /// It may ask for refresh tokens
        #[arg(long)]
        refresh: bool,
        /// It gets a `sub` of its own for each account
        #[arg(long)]
        pairwise: bool,
    },
    /// List clients
    List,
    /// Give a client a new secret, printed once; the old one is dead at once
    RotateSecret {
        /// Its id
        id: String,
    },
    /// Remove a client; its codes and tokens are dead with it
    Remove {
        /// Its id
        id: String,
    },
}

/// Does what was asked about clients.
pub fn run(args: Args, call: &Call) -> Result<Exit, Failure> {
    super::wait_for(async {
        let failed = |error| Failure::unfinished("the database", &error);
        let store = open_store(&call.config).await.map_err(failed)?;
        let hasher = store.hasher().map_err(failed)?;
        let clients = Clients { store: &store, hasher: &hasher, world: &call.world };
        let done = run_on(&clients, args.task, call).await;
        store.close().await;
        done
    })
}

async fn run_on(clients: &Clients<'_>, task: Task, call: &Call) -> Result<Exit, Failure> {
    let failed = |error| Failure::unfinished("the database", &error);
    match task {
        Task::List => {
            for client in clients.all().await.map_err(failed)? {
                say(if call.json { in_json(&client) } else { in_words(&client) })?;
            }
        }
        Task::RotateSecret { id } => {
            let client = find(clients, &id).await?;
            let secret = clients.rotate_secret(&client).await.map_err(failed)?;
            let secret =
                secret.ok_or_else(|| Failure::BadInput(format!("{id} keeps no secret")))?;
            tell(call, &client, Some(secret))?;
        }
        Task::Remove { id } => {
            let client = find(clients, &id).await?;
            clients.remove(&client).await.map_err(failed)?;
        }
        create @ Task::Create { .. } => {
            let Some(registration) = registration(create) else { return Ok(Exit::Fine) };
            registration
                .check()
                .map_err(|(pointer, why)| Failure::BadUsage(format!("{pointer}: {why}")))?;
            let (client, secret) = clients.create(registration).await.map_err(failed)?;
            tell(call, &client, secret)?;
        }
    }
    Ok(Exit::Fine)
}

fn registration(task: Task) -> Option<Registration> {
    let Task::Create {
        name,
        redirect_uris,
        post_logout_redirect_uris,
        backchannel_logout_uri,
        public,
        native,
        es256,
        refresh,
        pairwise,
    } = task
    else {
        return None;
    };
    Some(Registration {
        name,
        kind: match (public, native) {
            (_, true) => ClientKind::Native,
            (true, false) => ClientKind::Public,
            (false, false) => ClientKind::Confidential,
        },
        redirect_uris,
        post_logout_redirect_uris,
        backchannel_logout_uri,
        id_token_signed_response_alg: if es256 { Algorithm::ES256 } else { Algorithm::RS256 },
        refresh,
        pairwise,
    })
}

async fn find(clients: &Clients<'_>, id: &str) -> Result<Client, Failure> {
    let found = clients.find(id).await;
    let found = found.map_err(|error| Failure::unfinished("the database", &error))?;
    found.ok_or_else(|| Failure::BadInput(format!("no client has the id {id}")))
}

fn tell(call: &Call, client: &Client, secret: Option<String>) -> Result<(), Failure> {
    if call.json {
        return say(json!({ "client_id": client.id(), "client_secret": secret }).to_string());
    }
    say(format!("client_id      {}", client.id()))?;
    secret.map_or(Ok(()), |secret| say(format!("client_secret  {secret}")))
}

fn in_json(client: &Client) -> String {
    json!({ "client_id": client.id(), "registration": client.registration }).to_string()
}

fn in_words(client: &Client) -> String {
    let kind = match client.registration.kind {
        ClientKind::Confidential => "confidential",
        ClientKind::Public => "public",
        ClientKind::Native => "native",
    };
    format!("{}  {kind:<12}  {}", client.id(), client.registration.name)
}
