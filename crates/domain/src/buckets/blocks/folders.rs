use serde::{Deserialize, Serialize};

/// A folder that holds other folders: a cluster's, or a volume's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockFolder {
    /// Its prefix, with the slash at its end.
    pub prefix: String,
    /// Its own name.
    pub name: String,
}

/// Where a snapshot's files lie: each a prefix with the slash at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotFolder {
    /// `Header/`; none where there is none.
    pub header: Option<String>,
    /// `Footer/`.
    pub footer: Option<String>,
    /// `Vector/`.
    pub vector: Option<String>,
}

impl SnapshotFolder {
    /// What the folders in a folder make of it; none where it is no snapshot's.
    pub fn of(folders: &[String]) -> Option<Self> {
        let named = |name: &str| {
            let mut all = folders.iter();
            all.find(|folder| own_name(folder).eq_ignore_ascii_case(name))
                .cloned()
        };
        let found = Self {
            header: named("header"),
            footer: named("footer"),
            vector: named("vector"),
        };
        // A vector alone may be anything.
        (found.header.is_some() || found.footer.is_some()).then_some(found)
    }
}

/// A folder by its prefix.
pub fn folder(prefix: &str) -> BlockFolder {
    BlockFolder {
        prefix: prefix.to_owned(),
        name: own_name(prefix).to_owned(),
    }
}

fn own_name(prefix: &str) -> &str {
    let path = prefix.strip_suffix('/').unwrap_or(prefix);
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_snapshot_is_known_by_what_lies_in_it() {
        let folders = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| format!("c/v/s/{name}/")).collect()
        };
        let found = SnapshotFolder::of(&folders(&["Data", "Footer", "HEADER", "Vector"])).unwrap();
        assert_eq!(found.header.unwrap(), "c/v/s/HEADER/");
        assert_eq!(found.vector.unwrap(), "c/v/s/Vector/");
        assert!(SnapshotFolder::of(&folders(&["Footer"])).is_some());
        assert!(SnapshotFolder::of(&folders(&["Vector", "Headers", "volume"])).is_none());
        assert_eq!(folder("c/v-1/").name, "v-1");
        assert_eq!(folder("").name, "");
    }
}
