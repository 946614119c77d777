use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName};
use tidemark_domain::sets::HookReach;
use tidemark_services::ports::HookError;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::OnceCell,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::{Host, Url};

use crate::Resolve;

/// The machine's certificates, read with the first request that needs them.
#[derive(Clone, Default)]
pub(crate) struct Tls(Arc<OnceCell<TlsConnector>>);

impl Tls {
    async fn connector(&self) -> Result<&TlsConnector, HookError> {
        self.0
            .get_or_try_init(|| async {
                let read = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs);
                let found = read.await.map_err(|error| unreachable(&error))?;
                let mut roots = RootCertStore::empty();
                let (good, _) = roots.add_parsable_certificates(found.certs);
                if good == 0 {
                    return Err(HookError::Unreachable(
                        "this machine has no certificates of authorities to know hosts by"
                            .to_owned(),
                    ));
                }
                let config =
                    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                        .with_safe_default_protocol_versions()
                        .map_err(|error| unreachable(&error))?
                        .with_root_certificates(roots)
                        .with_no_client_auth();
                Ok(TlsConnector::from(Arc::new(config)))
            })
            .await
    }
}

fn unreachable(error: &dyn std::error::Error) -> HookError {
    HookError::Unreachable(error.to_string())
}

/// A connection to one of the addresses of an address's host, each of which has been checked.
pub(crate) async fn connect(
    url: &Url,
    reach: &HookReach,
    resolve: &Resolve,
    tls: &Tls,
) -> Result<Stream, HookError> {
    let none = || HookError::NotAllowed("the address names no host".to_owned());
    let host = url.host().ok_or_else(none)?;
    let port = url.port_or_known_default().ok_or_else(none)?;
    let name = host.to_string();
    let found: Vec<SocketAddr> = match host {
        Host::Ipv4(address) => vec![SocketAddr::from((address, port))],
        Host::Ipv6(address) => vec![SocketAddr::from((address, port))],
        Host::Domain(domain) => resolve(domain.to_owned(), port).await.map_err(|error| {
            HookError::Unreachable(format!("the name {domain} was not found: {error}"))
        })?,
    };
    let open = reach.allows(&name, port);
    let private = found
        .iter()
        .map(SocketAddr::ip)
        .find(|ip| !open && !HookReach::is_public(*ip));
    if let Some(address) = private {
        return Err(HookError::NotAllowed(refusal(&name, address)));
    }
    let mut last = format!("{name} has no address");
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) if url.scheme() == "https" => return secure(stream, &name, tls).await,
            Ok(stream) => return Ok(Stream::Plain(stream)),
            Err(error) => last = format!("{address} cannot be reached: {error}"),
        }
    }
    Err(HookError::Unreachable(last))
}

fn refusal(name: &str, address: IpAddr) -> String {
    format!(
        "{name} is the private address {address}; hooks reach public ones, and hosts that hook_hosts of the configuration \
         names"
    )
}

async fn secure(stream: TcpStream, name: &str, tls: &Tls) -> Result<Stream, HookError> {
    let server = ServerName::try_from(name.trim_matches(['[', ']']).to_owned())
        .map_err(|error| HookError::NotAllowed(error.to_string()))?;
    let stream = tls
        .connector()
        .await?
        .connect(server, stream)
        .await
        .map_err(|error| {
            HookError::Unreachable(format!("no secure connection to {name}: {error}"))
        })?;
    Ok(Stream::Secure(Box::new(stream)))
}

/// A connection, with TLS or without.
pub(crate) enum Stream {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Secure(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Secure(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
