use std::sync::Arc;

use super::ObjectNote;
use crate::{
    error::RecordsError,
    event::{Change, Event, Moment, Origin},
    index::BackupPaths,
    key::{KeySchema, NameForm, object_name},
    ports::{Condition, GetObject, ObjectStore, PortError, PortErrorKind, PutObject},
};

/// How often a record's object is tried against other writers before giving up.
const MAX_ATTEMPTS: u32 = 20;

/// Writes changes of records as versions of their objects. An older change never replaces a newer
/// one, whoever else writes and in whatever order changes come.
#[derive(Clone)]
pub struct ObjectWriter {
    store: Arc<dyn ObjectStore>,
    paths: BackupPaths,
    schema: KeySchema,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was stored.
    Stored,
    /// It, or a newer one, was there already.
    Older,
}

/// What is present under a record's name.
enum Present {
    Nothing,
    Object { etag: String, note: ObjectNote },
    Marker { moment: Moment },
}

impl Present {
    fn moment(&self) -> Option<Moment> {
        match self {
            Self::Nothing => None,
            Self::Object { note, .. } => Some(note.moment),
            Self::Marker { moment } => Some(*moment),
        }
    }
}

impl ObjectWriter {
    /// A writer for the records of one table.
    pub fn new(store: Arc<dyn ObjectStore>, paths: BackupPaths, schema: KeySchema) -> Self {
        Self {
            store,
            paths,
            schema,
        }
    }

    /// Stores one change.
    pub async fn write(
        &self,
        event: &Event,
        event_id: Option<&str>,
    ) -> Result<Written, RecordsError> {
        let hash = object_name(&event.key, &self.schema, NameForm::OURS);
        let name = self.paths.object(&hash);
        for _ in 0..MAX_ATTEMPTS {
            let present = self.present(&name).await?;
            match present.moment() {
                Some(moment) if moment > event.moment => return Ok(Written::Older),
                Some(moment) if moment == event.moment => {
                    // A tombstone without its marker: the writer stopped between the two.
                    if matches!(present, Present::Object { ref note, .. } if note.deleted) {
                        self.mark(&name, event.moment).await?;
                    }
                    return Ok(Written::Older);
                }
                _ => {}
            }
            let condition = match present {
                Present::Object { etag, .. } => Condition::Matches(etag),
                Present::Nothing | Present::Marker { .. } => Condition::Absent,
            };
            match self.put(&name, event, event_id, condition).await {
                Ok(()) => {
                    if event.change == Change::Delete {
                        self.mark(&name, event.moment).await?;
                    }
                    return Ok(Written::Stored);
                }
                Err(error) if error.kind == PortErrorKind::PreconditionFailed => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(RecordsError::object(
            name,
            "others changed it each time that it was to be written; try again",
        ))
    }

    /// Stores what a scan met, at one request where nothing of the name is there yet.
    pub async fn fill(&self, event: &Event) -> Result<Written, RecordsError> {
        let hash = object_name(&event.key, &self.schema, NameForm::OURS);
        let name = self.paths.object(&hash);
        match self.put(&name, event, None, Condition::Absent).await {
            Ok(()) => Ok(Written::Stored),
            Err(error) if error.kind == PortErrorKind::PreconditionFailed => {
                self.write(event, None).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a scan's copy again that came to lie over the marker of a newer deletion.
    pub(crate) async fn settle(&self, name: &str) -> Result<(), RecordsError> {
        let page = self.store.list_versions(name, None).await?;
        let versions: Vec<_> = page.versions.iter().filter(|v| v.name == name).collect();
        let [copy, marker, ..] = versions[..] else {
            return Ok(());
        };
        if copy.deleted || !marker.deleted {
            return Ok(());
        }
        let head = self.store.head(name, Some(&copy.version)).await?;
        let Some(note) = ObjectNote::read(&head.metadata) else {
            return Ok(());
        };
        if note.moment.origin != Origin::Backfill {
            return Ok(());
        }
        let Some(beneath) = versions[1..].iter().find(|version| !version.deleted) else {
            return Ok(());
        };
        let beneath = GetObject::version(name, Some(beneath.version.clone()));
        let tombstone = self.store.get(&beneath).await?;
        let deleted = ObjectNote::read(&tombstone.head.metadata).filter(|note| note.deleted);
        let Some(deleted) = deleted.filter(|deleted| note.moment < deleted.moment) else {
            return Ok(());
        };
        // The tombstone again, so that the new marker's time is that of the deletion.
        let mut put = PutObject::new(name, tombstone.body);
        put.condition = Condition::Matches(head.etag);
        put.metadata = tombstone.head.metadata;
        put.content_type = Some("application/json");
        match self.store.put(&put).await {
            Ok(_) => self.mark(name, deleted.moment).await,
            // Somebody wrote something newer.
            Err(error) if error.kind == PortErrorKind::PreconditionFailed => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn put(
        &self,
        name: &str,
        event: &Event,
        event_id: Option<&str>,
        condition: Condition,
    ) -> Result<(), PortError> {
        let body = match &event.change {
            Change::Put(item) => item.bytes().clone(),
            Change::Delete => event.key.name_sorted(),
        };
        let mut put = PutObject::new(name, body).when(condition);
        put.metadata = ObjectNote::of(event.moment, &event.change).to_metadata(event_id);
        put.content_type = Some("application/json");
        self.store.put(&put).await.map(|_| ())
    }

    /// Adds the delete marker over the tombstone of a deletion, and puts back what another writer
    /// may have written between the two.
    async fn mark(&self, name: &str, deleted: Moment) -> Result<(), RecordsError> {
        self.store.delete(name).await?;
        let page = self.store.list_versions(name, None).await?;
        let beneath = page
            .versions
            .iter()
            .filter(|version| version.name == name)
            .find(|version| !version.deleted);
        let Some(beneath) = beneath.map(|version| version.version.as_str()) else {
            return Ok(());
        };
        let head = self.store.head(name, Some(beneath)).await?;
        let newer = ObjectNote::read(&head.metadata)
            .is_some_and(|note| note.moment > deleted && !note.deleted);
        if newer {
            self.store.copy(name, Some(beneath), name).await?;
        }
        Ok(())
    }

    async fn present(&self, name: &str) -> Result<Present, RecordsError> {
        match self.store.head(name, None).await {
            Ok(head) => Ok(Present::Object {
                etag: head.etag,
                note: ObjectNote::read(&head.metadata)
                    .unwrap_or_else(|| ObjectNote::older(head.modified, 0)),
            }),
            Err(error) if error.kind == PortErrorKind::NotFound => self.absent(name).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Nothing is present: whether a marker says so, and since when.
    async fn absent(&self, name: &str) -> Result<Present, RecordsError> {
        let page = self.store.list_versions(name, None).await?;
        let mut versions = page.versions.iter().filter(|version| version.name == name);
        let Some(marker) = versions.next().filter(|version| version.deleted) else {
            return Ok(Present::Nothing);
        };
        let mut moment = Moment::import(marker.modified, 0);
        if let Some(beneath) = versions.find(|version| !version.deleted) {
            let head = self.store.head(name, Some(&beneath.version)).await?;
            if let Some(note) = ObjectNote::read(&head.metadata).filter(|note| note.deleted) {
                moment = note.moment;
            }
        }
        Ok(Present::Marker { moment })
    }
}
