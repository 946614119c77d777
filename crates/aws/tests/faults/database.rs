//! A database of its own for each life.

use tempfile::TempDir;
use tidemark_store::{Store, StoreConfig};
use uuid::Uuid;

/// URL of a PostgreSQL server whose user may create databases.
const POSTGRES: &str = "TIDEMARK_TEST_POSTGRES_URL";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// An open store, and what has to go with it.
pub(crate) struct Opened {
    pub(crate) store: Store,
    _folder: TempDir,
    dropped: Option<(String, String)>,
}

impl Database {
    /// Whether there is a server for it; says so when there is none.
    pub(crate) fn is_there(self) -> bool {
        let there = self == Self::Sqlite || std::env::var(POSTGRES).is_ok();
        if !there {
            eprintln!("SKIPPED on PostgreSQL: {POSTGRES} is not set");
        }
        there
    }

    pub(crate) async fn open(self) -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let (url, dropped) = match self {
            Self::Sqlite => {
                let path = folder.path().join("store.db");
                (format!("sqlite://{}", path.display()), None)
            }
            Self::Postgres => {
                let server = std::env::var(POSTGRES).unwrap();
                let name = format!("tidemark_faults_{}", Uuid::new_v4().simple());
                execute(&server, &format!("CREATE DATABASE {name}")).await;
                let (base, options) = server.split_once('?').unwrap_or((&server, ""));
                let (base, _) = base.rsplit_once('/').unwrap();
                (format!("{base}/{name}?{options}"), Some((server, name)))
            }
        };
        let config = StoreConfig {
            connections: 3,
            ..StoreConfig::default()
        };
        let store = Store::open_with(&url, &config).await.unwrap();
        store.migrate().await.unwrap();
        Opened {
            store,
            _folder: folder,
            dropped,
        }
    }
}

impl Opened {
    pub(crate) async fn close(self) {
        self.store.close().await;
        if let Some((server, name)) = self.dropped {
            execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn execute(server: &str, sql: &str) {
    let store = Store::open(server).await.unwrap();
    store.execute(sql).await.unwrap();
    store.close().await;
}
