use crate::{error::RecordsError, key::RecordKey, spool::Sorted, wire::Item};

/// Two sorted sides, key by key.
pub(super) struct Joined {
    left: Sorted,
    right: Sorted,
    left_head: Option<(RecordKey, Item)>,
    right_head: Option<(RecordKey, Item)>,
}

/// A key with what either side has of it.
pub(crate) type Pair = (RecordKey, Option<Item>, Option<Item>);

impl Joined {
    pub(super) async fn new(mut left: Sorted, mut right: Sorted) -> Result<Self, RecordsError> {
        let (left_head, right_head) = (left.next().await?, right.next().await?);
        Ok(Self {
            left,
            right,
            left_head,
            right_head,
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Pair>, RecordsError> {
        let from_left = match (&self.left_head, &self.right_head) {
            (None, None) => return Ok(None),
            (Some((left, _)), Some((right, _))) => left <= right,
            (left, _) => left.is_some(),
        };
        let from_right = match (&self.left_head, &self.right_head) {
            (Some((left, _)), Some((right, _))) => right <= left,
            (_, right) => right.is_some(),
        };
        let mut pair: Option<Pair> = None;
        if from_left && let Some((key, item)) = self.left_head.take() {
            pair = Some((key, Some(item), None));
            self.left_head = self.left.next().await?;
        }
        if from_right && let Some((key, item)) = self.right_head.take() {
            pair = match pair {
                Some((key, left, _)) => Some((key, left, Some(item))),
                None => Some((key, None, Some(item))),
            };
            self.right_head = self.right.next().await?;
        }
        Ok(pair)
    }

    pub(super) async fn discard(self) -> Result<(), RecordsError> {
        self.left.discard().await?;
        self.right.discard().await
    }
}
