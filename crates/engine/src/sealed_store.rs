//! Sealed tables for DataFusion: a store of objects that opens the parts that are asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::object_store::path::Path;
use datafusion::object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use futures::StreamExt;
use futures::stream::BoxStream;
use vault::Sealed;

/// Where a session looks for sealed tables.
pub(crate) const PLACE: &str = "sealed://tables";

/// The sealed tables of one session, by number. Read only; nothing of them is kept but what [`Sealed`] keeps.
#[derive(Debug, Default)]
pub(crate) struct SealedStore(Mutex<BTreeMap<String, Arc<Sealed<File>>>>);

impl SealedStore {
    /// Adds a table that was opened and gives the address under which the session reads it.
    pub(crate) fn add(&self, file: Arc<Sealed<File>>) -> String {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}.parquet", files.len());
        let address = format!("{PLACE}/{name}");
        files.insert(name, file);
        address
    }

    fn file(&self, location: &Path) -> Result<Arc<Sealed<File>>> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = || Error::NotFound { path: location.to_string(), source: "no sealed table of this number".into() };
        let name: &str = location.as_ref();
        files.get(name).cloned().ok_or_else(missing)
    }
}

impl fmt::Display for SealedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PLACE)
    }
}

#[async_trait]
impl ObjectStore for SealedStore {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let file = self.file(location)?;
        // Nothing is changed in place, so one moment is as good as another.
        let last_modified = std::time::UNIX_EPOCH.into();
        let meta = ObjectMeta { location: location.clone(), last_modified, size: file.length(), e_tag: None, version: None };
        options.check_preconditions(&meta)?;
        let range = match &options.range {
            Some(range) => range.as_range(meta.size).map_err(fault)?,
            None => 0..meta.size,
        };
        let wanted = if options.head { Vec::new() } else { vec![range.clone()] };
        let bytes = read(file, wanted).await?.pop().unwrap_or_default();
        let payload = GetResultPayload::Stream(futures::stream::once(async move { Ok(bytes) }).boxed());
        Ok(GetResult { payload, meta, range, attributes: Attributes::new() })
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        read(self.file(location)?, ranges.to_vec()).await
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        futures::stream::empty().boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Ok(ListResult { common_prefixes: Vec::new(), objects: Vec::new() })
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(read_only())
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(read_only())
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        futures::stream::once(async { Err(read_only()) }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(read_only())
    }
}

/// Reads parts of a file beside the threads that wait for queries.
async fn read(file: Arc<Sealed<File>>, ranges: Vec<Range<u64>>) -> Result<Vec<Bytes>> {
    let work = move || {
        let part = |range: Range<u64>| {
            let length = usize::try_from(range.end.saturating_sub(range.start)).map_err(fault)?;
            file.read_at(range.start, length).map(Bytes::from).map_err(fault)
        };
        ranges.into_iter().map(part).collect::<Result<Vec<Bytes>>>()
    };
    match tokio::runtime::Handle::try_current() {
        Ok(threads) => threads.spawn_blocking(work).await.map_err(fault)?,
        Err(_) => work(),
    }
}

fn fault(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic { store: "sealed", source: Box::new(error) }
}

fn read_only() -> Error {
    Error::NotSupported { source: "sealed tables are read only".into() }
}
