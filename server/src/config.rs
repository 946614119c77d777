//! Settings: defaults < `tidemark.toml` < `TIDEMARK_*` < flags.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use tidemark_store::StoreConfig;
use url::Url;

const DEFAULTS: &str = include_str!("config.default.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    /// Where the console listens.
    pub listen: SocketAddr,
    /// The address that people type, as it was set; see [`Config::public_url`].
    #[serde(rename = "public_url")]
    public_url_text: String,
    /// `sqlite://…` or `postgres://…`, as it was set; see [`Config::database_url`].
    #[serde(rename = "database_url")]
    database_url_text: String,
    /// Connections to PostgreSQL that this process opens at most.
    pub database_connections: u32,
    /// Seconds that PostgreSQL may take for one statement.
    pub database_timeout_seconds: u64,
    /// Where files are kept, as it was set; see [`Config::data_dir`].
    #[serde(rename = "data_dir")]
    data_dir_text: String,
    /// The built site.
    pub site_root: String,
    /// Port of the simulated AWS in `demo`; 0 takes a free one.
    pub sandbox_port: u16,
    /// Take the peer's address from `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Who may read `/metrics` from elsewhere.
    pub metrics_token: Secret,
    /// Password of the first admin, instead of a generated one.
    #[serde(default)]
    pub admin_password: Secret,
    /// File with prices that count before those of the console; see `docs/operations.md`.
    #[serde(default)]
    pub prices_file: String,
    /// Hosts that hooks of application sets may reach although they are private, and without TLS: `host` or `host:port`, with
    /// commas between.
    #[serde(default)]
    pub hook_hosts: String,
    /// Seconds until a request is given up.
    pub request_timeout_seconds: u64,
    /// Sessions.
    pub session: SessionConfig,
    /// Limits of requests.
    pub limits: Limits,
    /// The worker.
    pub worker: WorkerConfig,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SessionConfig {
    /// Minutes without a request.
    pub idle_minutes: u32,
    /// Hours in all.
    pub absolute_hours: u32,
}

/// What a request may cost.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Limits {
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// Sign-ins at once per peer address.
    pub sign_in_burst: u32,
    /// Seconds until one more sign-in.
    pub sign_in_every_seconds: u64,
    /// Requests at once per peer address.
    pub request_burst: u32,
    /// Requests more each second.
    pub request_per_second: u32,
    /// Open event streams per user.
    pub streams_per_user: usize,
    /// Unfinished runs of one person.
    pub unfinished_runs_per_person: u64,
    /// Unfinished runs in one account.
    pub unfinished_runs_per_account: u64,
    /// Open connections, as far as the limit of open files allows.
    pub connections: usize,
    /// Open connections per peer address; does not count behind a proxy.
    pub connections_per_address: usize,
    /// Seconds that the head of a request may take.
    pub header_timeout_seconds: u64,
}

/// How much the worker does at once.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct WorkerConfig {
    /// Runs at the same time.
    pub concurrency: u32,
    /// Runs of one person that are begun at once.
    pub begun_per_person: u32,
    /// Runs in one account that are begun at once.
    pub begun_per_account: u32,
    /// Seconds until another worker takes over the runs of one that is not heard of.
    pub lease_seconds: u32,
    /// Accounts read at the same time.
    pub sync_concurrency: usize,
    /// Seconds between two syncs of a scope.
    pub sync_every_seconds: u64,
    /// Between two reports on what a role may do, in seconds.
    pub permissions_every_seconds: u64,
    /// Seconds that a change of a captured table waits before it is stored at the latest.
    pub records_flush_seconds: u64,
    /// Where `tidemark worker` answers `/healthz` and `/readyz`; none is nowhere.
    #[serde(default)]
    pub listen: Option<SocketAddr>,
}

/// A text that is never printed.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text, unless it is empty.
    pub fn reveal(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

/// What flags may set; what is none is left as it was.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Overrides {
    /// `--listen`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// `--database-url`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// `--data-dir`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<String>,
    /// `--public-url`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value has the wrong form.
    #[error("{0}")]
    Form(#[from] Box<figment::Error>),
    /// A value has the right form and breaks a rule.
    #[error("{setting}: {rule}")]
    Rule {
        /// The setting.
        setting: &'static str,
        /// The rule.
        rule: String,
    },
}

/// The file of settings.
const FILE: &str = "tidemark.toml";

impl Config {
    /// Reads the settings of this process.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        let mut figment = Self::base();
        // Of this folder only: one further up may be somebody else's.
        if Path::new(FILE).exists() {
            figment = figment.merge(Toml::file_exact(FILE));
        }
        Self::from_figment(
            &figment
                .merge(
                    Env::raw()
                        .only(&["LEPTOS_SITE_ROOT"])
                        .map(|_| "site_root".into()),
                )
                .merge(Env::prefixed("TIDEMARK_").split("__"))
                .merge(Serialized::defaults(overrides)),
        )
    }

    /// The defaults with these settings, whatever the environment says.
    pub fn with(overrides: &Overrides) -> Result<Self, ConfigError> {
        Self::from_figment(&Self::base().merge(Serialized::defaults(overrides)))
    }

    fn base() -> Figment {
        Figment::from(Toml::string(DEFAULTS))
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let config: Self = figment.extract().map_err(Box::new)?;
        let url = config.public_url()?;
        let is_loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        if url.scheme() != "https" && !is_loopback {
            return Err(ConfigError::Rule {
                setting: "public_url",
                rule: "must start with https:// unless the console is reached on this machine only"
                    .to_owned(),
            });
        }
        let at_least_one = [
            (
                "database_connections",
                u64::from(config.database_connections),
            ),
            ("database_timeout_seconds", config.database_timeout_seconds),
            (
                "limits.header_timeout_seconds",
                config.limits.header_timeout_seconds,
            ),
        ];
        if let Some((setting, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError::Rule {
                setting,
                rule: "must be at least 1".to_owned(),
            });
        }
        Ok(config)
    }

    /// The address that people type.
    pub fn public_url(&self) -> Result<Url, ConfigError> {
        let text = if self.public_url_text.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url_text.clone()
        };
        let rule = |rule: String| ConfigError::Rule {
            setting: "public_url",
            rule,
        };
        let url = Url::parse(&text).map_err(|e| rule(format!("must be a URL ({e})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(rule("must start with http:// or https://".to_owned()));
        }
        Ok(url)
    }

    /// What is probably wrong: https is somebody else's work, whose address would then count as
    /// everybody's.
    pub fn proxy_warning(&self) -> Option<&'static str> {
        let is_https = self.public_url().is_ok_and(|url| url.scheme() == "https");
        (is_https && !self.behind_proxy).then_some(
            "public_url is https and behind_proxy is off: every request seems to come from the proxy's address, \
             which shares one limit of sign-ins, and one on this machine may read /metrics. Set behind_proxy = true \
             if a proxy sets X-Forwarded-For",
        )
    }

    /// What is probably wrong: the console is reached from other machines by http, so that its cookies travel in clear.
    pub fn plain_http_warning(&self) -> Option<&'static str> {
        let is_http = self.public_url().is_ok_and(|url| url.scheme() == "http");
        (is_http && !self.listen.ip().is_loopback()).then_some(
            "public_url is http on this machine, and listen is an address that other machines reach: whoever comes from \
             there signs in without encryption. Set public_url to the https:// address that people type, or listen to \
             127.0.0.1",
        )
    }

    /// Says which address the console really listens on: the port may have been chosen late.
    pub fn listening_on(&mut self, address: SocketAddr) {
        self.listen = address;
    }

    /// Where files are kept.
    pub fn data_dir(&self) -> PathBuf {
        if !self.data_dir_text.is_empty() {
            return PathBuf::from(&self.data_dir_text);
        }
        let base = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| {
                std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"))
            })
            .unwrap_or_else(std::env::temp_dir);
        base.join("tidemark")
    }

    /// Whether a data folder was named.
    pub fn has_data_dir(&self) -> bool {
        !self.data_dir_text.is_empty()
    }

    /// Keeps files in this folder from now on.
    pub fn keep_data_in(&mut self, folder: &std::path::Path) {
        self.data_dir_text = folder.display().to_string();
    }

    /// How the database is worked with.
    pub fn store(&self) -> StoreConfig {
        StoreConfig {
            connections: self.database_connections,
            patience: Duration::from_secs(self.database_timeout_seconds),
        }
    }

    /// `sqlite://…` or `postgres://…`.
    pub fn database_url(&self) -> String {
        if self.database_url_text.is_empty() {
            format!("sqlite://{}", self.data_dir().join("tidemark.db").display())
        } else {
            self.database_url_text.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        let config = Config::with(&Overrides::default()).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(
            config.public_url().unwrap().as_str(),
            "http://127.0.0.1:8080/"
        );
        assert!(config.database_url().starts_with("sqlite://"));
    }

    #[test]
    fn a_flag_beats_the_default() {
        let config = Config::with(&Overrides {
            database_url: Some("postgres://db/tidemark".to_owned()),
            ..Overrides::default()
        })
        .unwrap();
        assert_eq!(config.database_url(), "postgres://db/tidemark");
    }

    #[test]
    fn a_public_address_without_tls_is_refused() {
        let error = Config::with(&Overrides {
            public_url: Some("http://backups.example.com".to_owned()),
            ..Overrides::default()
        })
        .unwrap_err();
        assert!(error.to_string().contains("https://"), "{error}");
    }

    #[test]
    fn https_without_a_proxy_that_is_named_is_warned_of() {
        let of = |url: &str, behind_proxy: bool| {
            let mut config = Config::with(&Overrides {
                public_url: Some(url.to_owned()),
                ..Overrides::default()
            })
            .unwrap();
            config.behind_proxy = behind_proxy;
            config.proxy_warning()
        };
        assert!(of("https://backups.example.com", false).is_some());
        assert!(of("https://backups.example.com", true).is_none());
        assert!(of("http://localhost:8080", false).is_none());
    }

    #[test]
    fn plain_http_that_other_machines_reach_is_warned_of() {
        let of = |listen: &str, url: &str| {
            let config = Config::with(&Overrides {
                listen: Some(listen.parse().unwrap()),
                public_url: Some(url.to_owned()),
                ..Overrides::default()
            });
            config.unwrap().plain_http_warning()
        };
        assert!(of("0.0.0.0:8080", "http://localhost:8080").is_some());
        assert!(of("0.0.0.0:8080", "https://backups.example.com").is_none());
        assert!(of("127.0.0.1:8080", "http://localhost:8080").is_none());
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret("hunter2".to_owned())), "(not shown)");
    }
}
