// Command render fills a Helm chart's templates as `helm template` does, with the functions of sprig that Helm
// takes, too. Helm itself takes minutes to compile.
//
//	render CHART < [{"name": …, "namespace": …, "values": {…}}, …] > ["text of all templates", …]
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

type release struct {
	Name      string         `json:"name"`
	Namespace string         `json:"namespace"`
	Values    map[string]any `json:"values"`
}

func main() {
	log.SetFlags(0)
	var releases []release
	if err := json.NewDecoder(os.Stdin).Decode(&releases); err != nil {
		log.Fatal(err)
	}
	texts := make([]string, len(releases))
	for i, one := range releases {
		text, err := render(filepath.Join(os.Args[1], "templates"), one)
		if err != nil {
			text = fmt.Sprintf("error: %v", err)
		}
		texts[i] = text
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		log.Fatal(err)
	}
}

func render(folder string, of release) (string, error) {
	all := template.New("").Option("missingkey=error")
	funcs := sprig.TxtFuncMap()
	funcs["toYaml"] = func(value any) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	funcs["include"] = func(name string, data any) (string, error) {
		var text strings.Builder
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	if _, err := all.Funcs(funcs).ParseGlob(filepath.Join(folder, "*")); err != nil {
		return "", err
	}
	data := map[string]any{
		"Values":  of.Values,
		"Release": map[string]any{"Name": of.Name, "Namespace": of.Namespace},
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	var text strings.Builder
	for _, file := range files {
		text.WriteString("---\n")
		if err := all.ExecuteTemplate(&text, filepath.Base(file), data); err != nil {
			return "", err
		}
	}
	return text.String(), err
}
