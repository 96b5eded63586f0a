"""Uploading in three steps: announce, send the bytes at once or in parts, finish."""

from typing import IO, ClassVar, cast
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import TokenView
from analysis.access import access_upload
from analysis.api.recordings import ANALYSE
from analysis.api.serializers import (
    PartLinksSerializer,
    PartsSerializer,
    RecordingSerializer,
    UploadSerializer,
    with_run,
)
from analysis.domain.intake import incoming
from analysis.domain.intake.finishing import finish
from analysis.domain.intake.uploads import Announced, plain_name
from analysis.domain.listing import latest_run
from analysis.enums import UploadState
from echodepth.api.views import BodyIsRead


class Uploads(TokenView):
    tag = "uploads"
    serializer_class = UploadSerializer
    needs: ClassVar = {"POST": ANALYSE}
    names: ClassVar = {"POST": "uploads_create"}

    @extend_schema(responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """Announce a recording. Nothing is analysed before the upload is finished; it expires after a day."""
        told = self.told()
        announced = Announced(
            plain_name(told["original_name"]), told.get("title", ""), told.get("subject_label", "")
        )
        sha256 = told.get("sha256", "")
        upload = incoming.announce(self.actor.user, told["project"], announced, told["size"], sha256=sha256)
        return Response(self.get_serializer(upload).data, status=201)


class OneUpload(TokenView):
    tag = "uploads"
    serializer_class = UploadSerializer
    needs: ClassVar = {"GET": ANALYSE, "DELETE": ANALYSE}
    names: ClassVar = {"GET": "uploads_get", "DELETE": "uploads_abort"}

    def get(self, request: Request, upload_id: UUID) -> Response:  # noqa: ARG002
        """Whether the content is there, and what the upload became."""
        return Response(self.get_serializer(access_upload(upload_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:  # noqa: ARG002
        """Forget the upload and its bytes; a recording it became stays."""
        incoming.abort(access_upload(upload_id))
        return Response(status=204)


class UploadParts(TokenView):
    tag = "uploads"
    serializer_class = PartLinksSerializer
    needs: ClassVar = {"GET": ANALYSE, "POST": ANALYSE}
    names: ClassVar = {"GET": "uploads_parts", "POST": "uploads_part_links"}

    @extend_schema(responses={200: PartsSerializer})
    def get(self, request: Request, upload_id: UUID) -> Response:  # noqa: ARG002
        """Which parts came: after a break, send the others."""
        upload = access_upload(upload_id)
        told = {
            "part_size": incoming.part_bytes(upload),
            "count": len(incoming.parts_of(upload)),
            "received": incoming.sent(upload).parts,
        }
        return Response(PartsSerializer(told).data)

    @extend_schema(responses={200: PartLinksSerializer})
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Links to which parts are sent by PUT, in any order and several at once."""
        upload = access_upload(upload_id)
        made = incoming.links(upload, self.told()["numbers"])
        wanted = incoming.parts_of(upload)
        links = [
            {
                "number": link.number,
                "size": wanted[link.number - 1],
                "url": request.build_absolute_uri(link.url),
                "headers": link.headers,
            }
            for link in made
        ]
        return Response(self.get_serializer({"links": links}).data)


class UploadContent(BodyIsRead, TokenView):
    tag = "uploads"
    serializer_class = UploadSerializer
    needs: ClassVar = {"PUT": ANALYSE}
    names: ClassVar = {"PUT": "uploads_content"}

    @extend_schema(request={"application/octet-stream": OpenApiTypes.BINARY}, responses={204: None})
    def put(self, request: Request, upload_id: UUID) -> Response:
        """Send the bytes in one request with `Content-Length`. Sent again, they replace the earlier ones."""
        upload = access_upload(upload_id)
        body = request._request  # noqa: SLF001 - the stream as the server gives it, parsed by nobody
        incoming.receive(upload, cast("IO[bytes]", body), _length(request))
        return Response(status=204)


class FinishUpload(TokenView):
    tag = "uploads"
    serializer_class = RecordingSerializer
    needs: ClassVar = {"POST": ANALYSE}
    names: ClassVar = {"POST": "uploads_finish"}

    @extend_schema(request=None, responses={201: RecordingSerializer, 200: RecordingSerializer})
    def post(self, request: Request, upload_id: UUID) -> Response:  # noqa: ARG002
        """Make the recording and request its analysis.

        The file is looked at now: what cannot be analysed is refused with the code of its fault, and nothing
        of it is kept. Asked again, the same recording is answered with 200.
        """
        upload = access_upload(upload_id)
        status = 200 if upload.state == UploadState.DONE else 201
        recording = finish(upload)
        return Response(self.get_serializer(with_run(recording, latest_run(recording))).data, status=status)


def _length(request: Request) -> int:
    """What the client says; -1 for what is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or -1)
    except ValueError:
        return -1
