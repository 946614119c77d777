use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use tidemark_app::ssr::SessionPort;
use tidemark_services::ports::User;
use tower_sessions::Session;

use super::SignedIn;
use crate::http::Web;

type Failure = Box<dyn Error + Send + Sync>;

/// The session of the request that a page or a server function answers.
pub(crate) struct HttpSession {
    session: Session,
    origin: String,
    web: Web,
}

impl HttpSession {
    pub(crate) fn port(session: Session, origin: String, web: Web) -> Arc<dyn SessionPort> {
        Arc::new(Self {
            session,
            origin,
            web,
        })
    }
}

#[async_trait]
impl SessionPort for HttpSession {
    /// The new id makes an id that was planted before worth nothing.
    async fn sign_in(&self, user: &User) -> Result<(), Failure> {
        self.session.cycle_id().await?;
        SignedIn::new(user, self.web.services.clock.now())
            .save(&self.session, &self.web.settings)
            .await?;
        Ok(())
    }

    async fn sign_out(&self) -> Result<(), Failure> {
        self.session.flush().await?;
        Ok(())
    }

    fn origin(&self) -> String {
        self.origin.clone()
    }
}
