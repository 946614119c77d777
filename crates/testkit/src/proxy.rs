//! A way to a server that can be cut: in the loud way, and in the silent one, in which nothing comes back any more and
//! nothing says so.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// A server on this machine, between a client and another one. It ends with its connections when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    server: String,
    url: String,
    /// Connections that were made under one number share its fate.
    era: watch::Sender<u64>,
    /// What is new is not answered either.
    deaf: Arc<AtomicBool>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// A way to the database of a URL `postgres://user@host:port/name`.
    pub async fn to(url: &str) -> io::Result<Self> {
        let (_, place) = url.rsplit_once('@').unwrap_or(("", url));
        let server = place.split('/').next().unwrap_or(place).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let deaf = Arc::new(AtomicBool::new(false));
        let (era, _) = watch::channel(0);
        Ok(Self {
            accepting: tokio::spawn(accept(listener, server.clone(), era.clone(), deaf.clone())),
            url: url.replacen(&server, &address.to_string(), 1),
            address,
            server,
            era,
            deaf,
        })
    }

    /// The database by this way.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on nothing passes any more over the connections that there are, for ever; nothing answers on new ones
    /// until [`Proxy::hear`].
    pub fn fall_silent(&self) {
        self.deaf.store(true, Ordering::SeqCst);
        self.era.send_modify(|era| *era += 1);
    }

    /// New connections pass again.
    pub fn hear(&self) {
        self.deaf.store(false, Ordering::SeqCst);
    }

    /// Every connection breaks off, and none is taken.
    pub fn refuse(&mut self) {
        self.accepting.abort();
        // Dropped, its connections end with it.
        let (era, _) = watch::channel(0);
        self.era = era;
    }

    /// Connections are taken again.
    pub async fn take_again(&mut self) {
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                // Its address is not free yet.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let (server, era) = (self.server.clone(), self.era.clone());
        self.accepting = tokio::spawn(accept(listener, server, era, self.deaf.clone()));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    server: String,
    era: watch::Sender<u64>,
    deaf: Arc<AtomicBool>,
) {
    let mut ways = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (server, era, deaf) = (server.clone(), era.subscribe(), deaf.clone());
        ways.spawn(async move {
            if deaf.load(Ordering::SeqCst) {
                let _held = client;
                std::future::pending::<()>().await;
            } else if let Ok(server) = TcpStream::connect(server).await {
                pass(client, server, era).await;
            }
        });
    }
}

async fn pass(client: TcpStream, server: TcpStream, era: watch::Receiver<u64>) {
    let made = *era.borrow();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = one_way(from_client, to_server, era.clone(), made) => {}
        () = one_way(from_server, to_client, era, made) => {}
    }
}

/// No when the proxy is gone.
async fn moves_on(era: &mut watch::Receiver<u64>, made: u64) -> bool {
    era.wait_for(|era| *era != made).await.is_ok()
}

async fn one_way(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut era: watch::Receiver<u64>,
    made: u64,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        tokio::select! {
            biased;
            changed = moves_on(&mut era, made) => {
                if changed {
                    // Both sides stay open, and hear nothing.
                    std::future::pending::<()>().await;
                }
                return;
            }
            read = from.read(&mut buffer) => match read {
                Ok(count) if count > 0 => {
                    let whole = buffer.get(..count).unwrap_or_default();
                    if to.write_all(whole).await.is_err() {
                        return;
                    }
                }
                _ => return,
            }
        }
    }
}
