use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use tidemark_domain::{
    Privilege,
    buckets::{
        BrowseRequest, Listing,
        blocks::{
            BlockPage, Found, SnapshotFiles, SnapshotFolder, assess, folder, ids, read_footer,
            read_header,
        },
    },
};

use super::place::reading;
use crate::{
    Caller, ServiceError, Services, authorize,
    ports::{CloudError, ListAsk, Target},
};

/// Folders that one page looks into; a page tells where there are more.
const LOOKED_INTO: u16 = 200;
/// Bytes of a header or footer; they hold a handful of members.
const SMALL: u64 = 64 << 10;
/// Bytes of a vector that are read.
const VECTOR: u64 = 4 << 20;
/// Folders that are looked into at once.
const AT_ONCE: usize = 8;

/// A folder of a bucket as backups of block storage: the clusters, volumes or snapshots in it. It reads lists and the small
/// files of snapshots, never their data.
pub async fn blocks(
    services: &Services,
    caller: &Caller,
    request: BrowseRequest,
) -> Result<BlockPage, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadBuckets,
        "bucket.blocks",
        &request.place.arn(),
    )
    .await?;
    request.check()?;
    let (target, _) = reading(services, &request.place).await?;
    let reader = Reader {
        services,
        target: &target,
        bucket: &request.place.bucket,
    };
    let here = reader.folders(&request.prefix).await?;
    let looked: Vec<(String, Option<SnapshotFolder>)> = stream::iter(here.folders)
        .map(|prefix| async {
            let inside = reader.folders(&prefix).await?;
            Ok::<_, CloudError>((prefix, SnapshotFolder::of(&inside.folders)))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut folders = Vec::new();
    let mut snapshots = Vec::new();
    for (prefix, snapshot) in looked {
        match snapshot {
            Some(snapshot) => snapshots.push((prefix, snapshot)),
            None => folders.push(folder(&prefix)),
        }
    }
    let files: Vec<SnapshotFiles> = stream::iter(snapshots)
        .map(|(prefix, snapshot)| reader.files(prefix, snapshot))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let more = here.next.is_some();
    Ok(BlockPage {
        place: request.place.clone(),
        prefix: request.prefix.clone(),
        folders,
        snapshots: assess(files, !more),
        more,
    })
}

struct Reader<'a> {
    services: &'a Services,
    target: &'a Target,
    bucket: &'a str,
}

impl Reader<'_> {
    async fn list(&self, prefix: &str, folders: bool, limit: u16) -> Result<Listing, CloudError> {
        let ask = ListAsk {
            bucket: self.bucket.to_owned(),
            prefix: prefix.to_owned(),
            folders,
            limit,
            ..ListAsk::default()
        };
        self.services.buckets.list(self.target, &ask).await
    }

    async fn folders(&self, prefix: &str) -> Result<Listing, CloudError> {
        self.list(prefix, true, LOOKED_INTO).await
    }

    async fn files(
        &self,
        prefix: String,
        snapshot: SnapshotFolder,
    ) -> Result<SnapshotFiles, CloudError> {
        let header = self.file(snapshot.header, SMALL, read_header).await?;
        let footer = self.file(snapshot.footer, SMALL, read_footer).await?;
        let vector = self
            .file(snapshot.vector, VECTOR, |text| Ok(ids(text)))
            .await?;
        Ok(SnapshotFiles {
            prefix,
            written: header.1.max(footer.1),
            header: header.0,
            footer: footer.0,
            vector: vector.0,
        })
    }

    /// The one file of a folder, with the time of its writing. What cannot be read for the time being is a failure of the
    /// page: a snapshot is never called damaged for it.
    async fn file<T>(
        &self,
        folder: Option<String>,
        most: u64,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(Found<T>, Option<Timestamp>), CloudError> {
        let Some(folder) = folder else {
            return Ok((Found::Missing, None));
        };
        let files = self.list(&folder, false, 2).await?.objects;
        // A folder may have an empty object of its own name.
        let Some(file) = files.into_iter().find(|file| file.key != folder) else {
            return Ok((Found::Missing, None));
        };
        if file.size > most {
            let why = format!("{} has {} bytes, more than are read", file.key, file.size);
            return Ok((Found::Unreadable(why), Some(file.modified)));
        }
        let buckets = &self.services.buckets;
        let content = buckets
            .read(self.target, self.bucket, &file.key, most)
            .await?;
        let found = match std::str::from_utf8(&content) {
            Err(_) => Found::Unreadable("it is no text".to_owned()),
            Ok(text) => match read(text) {
                Ok(file) => Found::File(file),
                Err(why) => Found::Unreadable(why),
            },
        };
        Ok((found, Some(file.modified)))
    }
}
