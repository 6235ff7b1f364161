//! A mail relay on loopback that answers each mail by script (RFC 5321, as much as is needed).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Inside {
    script: Mutex<VecDeque<&'static str>>,
    heard: Mutex<Vec<String>>,
}

pub(super) struct Relay {
    pub(super) address: SocketAddr,
    inside: Arc<Inside>,
}

impl Relay {
    /// Answers the end of each mail with these lines, then with `250`.
    pub(super) async fn start(script: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Inside::default());
        inside.script.lock().unwrap().extend(script);
        let within = Arc::clone(&inside);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(converse(connection, Arc::clone(&within)));
            }
        });
        Self { address, inside }
    }

    /// Each mail with the commands that brought it.
    pub(super) fn heard(&self) -> Vec<String> {
        self.inside.heard.lock().unwrap().clone()
    }
}

async fn converse(connection: TcpStream, inside: Arc<Inside>) -> std::io::Result<()> {
    let (reading, mut writing) = connection.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 relay.example\r\n").await?;
    let (mut mail, mut in_data) = (String::new(), false);
    while let Some(line) = lines.next_line().await? {
        mail.push_str(&line);
        mail.push('\n');
        let answer = match (in_data, line.split(' ').next().unwrap_or_default()) {
            (true, ".") => {
                in_data = false;
                inside.heard.lock().unwrap().push(std::mem::take(&mut mail));
                inside.script.lock().unwrap().pop_front().unwrap_or("250 taken")
            }
            (true, _) => continue,
            (false, "EHLO" | "HELO") => "250-relay.example\r\n250 8BITMIME",
            (false, "DATA") => {
                in_data = true;
                "354 go on"
            }
            (false, "QUIT") => "221 bye",
            (false, _) => "250 fine",
        };
        writing.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
