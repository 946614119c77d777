use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::{DumpError, DumpStore, Manifest, Upload, manifest::SUFFIX, retry::retried};

/// Manifests that are read at once.
const AT_ONCE: usize = 8;

/// What is stored under a prefix.
#[derive(Debug, Default)]
pub struct Listed {
    /// Finished dumps by key.
    pub dumps: Vec<Manifest>,
    /// Manifests that make no sense: the dump's key, and why.
    pub unclear: Vec<(String, String)>,
    /// Uploads that were begun and not finished, of dumps or of anything else.
    pub unfinished: Vec<Upload>,
}

/// Lists the dumps under a prefix.
pub async fn list(store: &dyn DumpStore, prefix: &str) -> Result<Listed, DumpError> {
    let mut listed = Listed {
        unfinished: retried(|| store.uploads(prefix)).await?,
        ..Listed::default()
    };
    let mut page: Option<String> = None;
    loop {
        let keys = retried(|| store.keys(prefix, page.as_deref())).await?;
        let names: Vec<String> = keys
            .keys
            .iter()
            .filter_map(|key| key.strip_suffix(SUFFIX).map(str::to_owned))
            .collect();
        let found: Vec<Result<Manifest, (String, String)>> = stream::iter(names)
            .map(|key| async move {
                match Manifest::find(store, &key).await {
                    Ok(Some(manifest)) => Ok(Some(Ok(manifest))),
                    Ok(None) => Ok(None),
                    Err(DumpError::Manifest { key, what }) => Ok(Some(Err((key, what)))),
                    Err(error) => Err(error),
                }
            })
            .buffered(AT_ONCE)
            .try_filter_map(|found| async move { Ok::<_, DumpError>(found) })
            .try_collect()
            .await?;
        for found in found {
            match found {
                Ok(manifest) => listed.dumps.push(manifest),
                Err(unclear) => listed.unclear.push(unclear),
            }
        }
        match keys.next {
            Some(next) if Some(&next) != page.as_ref() => page = Some(next),
            _ => return Ok(listed),
        }
    }
}
