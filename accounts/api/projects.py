"""Projects and their subjects."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_project, access_subject
from accounts.api.serializers import ProjectFilters, ProjectSerializer, SubjectSerializer, UseSerializer
from accounts.api.views import READ, ListView, Need, TokenView
from accounts.domain.lawful import declarations
from accounts.domain.projects import add_subject, change_project, create_project, rename_subject, set_role
from accounts.domain.viewing import subject_opened
from accounts.enums import Scope, SubjectRole
from accounts.models import Declaration, Project, Subject
from accounts.permissions import Action

EDIT = Need(Scope.WRITE, Action.MANAGE_PROJECTS)


class Projects(ListView):
    tag = "projects"
    listed = "projects"
    serializer_class = ProjectSerializer
    filters = ProjectFilters
    needs: ClassVar = {"GET": READ, "POST": EDIT}
    names: ClassVar = {"GET": "projects_list", "POST": "projects_create"}

    def rows(self, **_kwargs: Any) -> Any:
        asked = self.filtered_by()
        found = Project.objects.all()
        return found.filter(name__icontains=asked["name"]) if "name" in asked else found

    @extend_schema(responses=ProjectSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """The organisation's projects, newest first."""
        return self.answer()

    @extend_schema(responses={201: ProjectSerializer})
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Make a project."""
        told = self.told()
        project = create_project(self.actor.organisation, told["name"], told.get("description", ""))
        return Response(self.get_serializer(project).data, status=201)


class OneProject(TokenView):
    tag = "projects"
    serializer_class = ProjectSerializer
    needs: ClassVar = {"GET": READ, "PATCH": EDIT}
    names: ClassVar = {"GET": "projects_get", "PATCH": "projects_change"}

    def get(self, request: Request, project_id: UUID) -> Response:  # noqa: ARG002
        """One project."""
        return Response(self.get_serializer(access_project(project_id)).data)

    def patch(self, request: Request, project_id: UUID) -> Response:
        """Change its name or its description; what is left out stays."""
        project = access_project(project_id)
        serializer = self.get_serializer(project, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        told = {"name": project.name, "description": project.description} | serializer.validated_data
        change_project(project, told["name"], told["description"])
        return Response(self.get_serializer(project).data)


class Uses(ListView):
    tag = "projects"
    listed = "declarations"
    serializer_class = UseSerializer
    newest_first_by = ("declared_at", "pk")
    needs: ClassVar = {"GET": READ, "POST": EDIT}
    names: ClassVar = {"GET": "uses_list", "POST": "uses_declare"}

    def rows(self, **kwargs: Any) -> Any:
        return Declaration.objects.filter(project=access_project(kwargs["project_id"]))

    @extend_schema(responses=UseSerializer(many=True))
    def get(self, request: Request, project_id: UUID) -> Response:  # noqa: ARG002
        """What the project's recordings are analysed for, newest first; `ended_at` tells those before."""
        return self.answer(project_id=project_id)

    @extend_schema(responses={201: UseSerializer})
    def post(self, request: Request, project_id: UUID) -> Response:  # noqa: ARG002
        """Declare what the project's recordings are analysed for; the declaration before it ends.

        The answer says whether it is allowed, waits for a confirmation, or is refused, and why.
        """
        made = declarations.declare(access_project(project_id), self.actor.user, **self.told())
        return Response(self.get_serializer(made).data, status=201)


class Subjects(ListView):
    tag = "subjects"
    listed = "subjects"
    serializer_class = SubjectSerializer
    needs: ClassVar = {"GET": READ, "POST": EDIT}
    names: ClassVar = {"GET": "subjects_list", "POST": "subjects_create"}

    def rows(self, **kwargs: Any) -> Any:
        return Subject.objects.filter(project=access_project(kwargs["project_id"]))

    @extend_schema(responses=SubjectSerializer(many=True))
    def get(self, request: Request, project_id: UUID) -> Response:  # noqa: ARG002
        """The project's subjects, newest first."""
        return self.answer(project_id=project_id)

    @extend_schema(responses={201: SubjectSerializer})
    def post(self, request: Request, project_id: UUID) -> Response:  # noqa: ARG002
        """Add a subject. Refuses a label that another subject of the project has (`label_taken`)."""
        told = self.told()
        role = SubjectRole(told.get("role", SubjectRole.UNKNOWN))
        subject = add_subject(access_project(project_id), told["label"], role)
        return Response(self.get_serializer(subject).data, status=201)


class OneSubject(TokenView):
    tag = "subjects"
    serializer_class = SubjectSerializer
    needs: ClassVar = {"GET": READ, "PATCH": EDIT}
    names: ClassVar = {"GET": "subjects_get", "PATCH": "subjects_rename"}

    def get(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """One subject."""
        subject = access_subject(project_id, subject_id)
        subject_opened(subject)
        return Response(self.get_serializer(subject).data)

    def patch(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:
        """Give it another label (`label_taken` where another subject has it) or role."""
        subject = access_subject(project_id, subject_id)
        serializer = self.get_serializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        told = serializer.validated_data
        if "label" in told or "role" not in told:
            rename_subject(subject, told.get("label", subject.label))
        set_role(subject, SubjectRole(told.get("role", subject.role)))
        return Response(self.get_serializer(subject).data)
