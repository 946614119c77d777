use tidemark_domain::Role;
use tidemark_services::{Caller, Services};

use super::CliError;
use crate::{
    config::Config,
    wiring::{self, AwsAccess, Wired},
};

/// What a command works with: the use cases, as an admin, since it holds the database anyway.
pub(crate) struct Console {
    pub(crate) wired: Wired,
    pub(crate) caller: Caller,
}

impl Console {
    /// Opens the database of the configuration.
    pub(crate) async fn open(config: &Config, name: Option<&str>) -> Result<Self, CliError> {
        let wired = wiring::wire(config, &AwsAccess::FromEnvironment).await?;
        Ok(Self {
            wired,
            caller: caller(name),
        })
    }

    pub(crate) fn services(&self) -> &Services {
        &self.wired.services
    }
}

/// The caller of a command: the name given, or the user of the operating system.
pub(crate) fn caller(name: Option<&str>) -> Caller {
    let name = name.map_or_else(os_user, ToOwned::to_owned);
    Caller {
        user_id: None,
        name,
        role: Role::Admin,
        origin: "cli".to_owned(),
    }
}

fn os_user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "cli".to_owned())
}
