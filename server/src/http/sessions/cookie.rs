use tower_sessions::{SessionManagerLayer, cookie::SameSite};

use super::SessionStorage;
use crate::http::Settings;

/// A name that browsers accept only with Secure, the whole path and no domain, so that no other
/// host of the same site can set it.
const SECURE_NAME: &str = "__Host-tidemark";
/// On the loopback interface there is no TLS and so no Secure.
const LOOPBACK_NAME: &str = "tidemark";

/// The layer that loads and saves sessions. A request without a sign-in makes none.
pub(crate) fn layer(
    storage: SessionStorage,
    settings: &Settings,
) -> SessionManagerLayer<SessionStorage> {
    let name = if settings.secure {
        SECURE_NAME
    } else {
        LOOPBACK_NAME
    };
    SessionManagerLayer::new(storage)
        .with_name(name)
        .with_secure(settings.secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
}
