{{- define "trainyard.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "trainyard.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := include "trainyard.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "trainyard.selector" -}}
app.kubernetes.io/name: {{ include "trainyard.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "trainyard.labels" -}}
{{ include "trainyard.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The labels that the launcher gives to runners. */}}
{{- define "trainyard.runnerSelector" -}}
app.kubernetes.io/component: runner
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: trainyard
{{- end }}

{{- define "trainyard.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "trainyard.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* Runners have an account of their own, which may do nothing. */}}
{{- define "trainyard.runnerServiceAccount" -}}
{{ include "trainyard.fullname" . }}-runner
{{- end }}

{{- define "trainyard.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "trainyard.databaseSecret" -}}
{{- default (printf "%s-database" (include "trainyard.fullname" .)) .Values.database.existingSecret }}
{{- end }}

{{- define "trainyard.kubernetes" -}}
{{- if eq .Values.launcher "kubernetes" }}true{{ end }}
{{- end }}

{{/* Whether there may be more than one server. */}}
{{- define "trainyard.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}true{{ end }}
{{- end }}

{{- define "trainyard.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "trainyard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Keys with dots and slashes as Spring wants them. */}}
{{- define "trainyard.map" -}}
{{- range $key, $value := . }}
"[{{ $key }}]": {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Tolerations under the names of the properties. */}}
{{- define "trainyard.tolerations" -}}
{{- range . }}
- operator: {{ default "Equal" .operator }}
  {{- with .key }}
  key: {{ . | quote }}
  {{- end }}
  {{- with .value }}
  value: {{ . | quote }}
  {{- end }}
  {{- with .effect }}
  effect: {{ . }}
  {{- end }}
  {{- with .tolerationSeconds }}
  seconds: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
