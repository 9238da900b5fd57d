{{/* application.yaml of the server. */}}
{{- define "trainyard.config" -}}
{{- with .Values.access.oidc }}
{{- if .issuer }}
spring:
  security:
    oauth2:
      resourceserver:
        jwt:
          issuer-uri: {{ .issuer | quote }}
          audiences:
            {{- toYaml .audiences | nindent 12 }}
{{- end }}
{{- end }}
trainyard:
  access:
    anonymous: {{ .Values.access.anonymous }}
    oidc:
      owner: {{ .Values.access.oidc.ownerClaim | quote }}
      roles: {{ .Values.access.oidc.rolesClaim | quote }}
  launcher: {{ .Values.launcher }}
  runner:
    slots: {{ .Values.runner.slots }}
    heap: {{ .Values.runner.heap }}
    threads: {{ .Values.runner.threads }}
    spare: {{ and .Values.runner.spare (eq .Values.launcher "process") }}
    cancel-grace: {{ .Values.runner.cancelGrace }}
    {{- if include "trainyard.kubernetes" . }}
    server-url: http://{{ include "trainyard.fullname" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
    {{- end }}
  {{- if eq .Values.database.type "postgresql" }}
  database:
    url: {{ .Values.database.url | quote }}
    {{- with .Values.database.username }}
    username: {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- with .Values.artifacts.s3 }}
  {{- if .enabled }}
  artifacts:
    s3:
      bucket: {{ .bucket | quote }}
      {{- with .endpoint }}
      endpoint: {{ . | quote }}
      {{- end }}
      {{- with .region }}
      region: {{ . | quote }}
      {{- end }}
      {{- with .prefix }}
      prefix: {{ . | quote }}
      {{- end }}
      path-style: {{ .pathStyle }}
  {{- end }}
  {{- end }}
  {{- if include "trainyard.kubernetes" . }}
  kubernetes:
    namespace: {{ .Release.Namespace }}
    instance: {{ .Release.Name }}
    service-account: {{ include "trainyard.runnerServiceAccount" . }}
    image: {{ default (include "trainyard.image" .) .Values.runner.image | quote }}
    image-pull-policy: {{ .Values.image.pullPolicy }}
    {{- with .Values.imagePullSecrets }}
    image-pull-secrets:
      {{- range . }}
      - {{ .name }}
      {{- end }}
    {{- end }}
    {{- with .Values.runner }}
    resources:
      cpu: {{ .resources.cpu | quote }}
      memory: {{ .resources.memory | quote }}
      {{- with .resources.cpuLimit }}
      cpu-limit: {{ . | quote }}
      {{- end }}
    work-size: {{ .workSize | quote }}
    {{- with .priorityClass }}
    priority-class: {{ . }}
    {{- end }}
    {{- with .runtimeClass }}
    runtime-class: {{ . }}
    {{- end }}
    {{- with .nodeSelector }}
    node-selector:
      {{- include "trainyard.map" . | nindent 6 }}
    {{- end }}
    {{- with .tolerations }}
    tolerations:
      {{- include "trainyard.tolerations" . | nindent 6 }}
    {{- end }}
    {{- with .labels }}
    labels:
      {{- include "trainyard.map" . | nindent 6 }}
    {{- end }}
    {{- with .annotations }}
    annotations:
      {{- include "trainyard.map" . | nindent 6 }}
    {{- end }}
    {{- with .env }}
    env:
      {{- include "trainyard.map" . | nindent 6 }}
    {{- end }}
    ttl: {{ .ttl }}
    {{- with .deadline }}
    deadline: {{ . }}
    {{- end }}
    image-limit: {{ .imageLimit }}
    schedule-limit: {{ .scheduleLimit }}
    patience: {{ .patience }}
    gpu:
      resource: {{ .gpu.resource | quote }}
      count: {{ .gpu.count }}
      {{- with .gpu.image }}
      image: {{ . | quote }}
      {{- end }}
      {{- with .gpu.runtimeClass }}
      runtime-class: {{ . }}
      {{- end }}
      {{- with .gpu.nodeSelector }}
      node-selector:
        {{- include "trainyard.map" . | nindent 8 }}
      {{- end }}
      {{- with .gpu.tolerations }}
      tolerations:
        {{- include "trainyard.tolerations" . | nindent 8 }}
      {{- end }}
    {{- end }}
  {{- end }}
{{- end }}
